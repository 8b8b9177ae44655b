import assert from 'node:assert/strict';
import { profileFrom } from '../../shared/ssd/profile.js';
import { ProfileError } from '../../shared/ssd/profileFile.js';

export function problemsOf(file: unknown): string {
  try {
    profileFrom(file, 'ours.json');
  } catch (error) {
    assert.ok(error instanceof ProfileError);
    return error.message;
  }
  assert.fail('the profile was taken');
}
