import assert from 'node:assert/strict';
import { readSettings, SettingsError } from '../../shared/settings/readSettings.js';

/** The settings that have no default. */
export const enough = {
  LA_CODE: '999',
  DFE_API_BASE_URL: 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver/1',
  DFE_TOKEN_URL: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
  DFE_SCOPE: 'api://dfe/.default',
  DFE_RECEIVER: 'live',
  DFE_CLIENT_ID: 'client',
  DFE_CLIENT_SECRET: 'a-secret-value',
  DFE_SUPPLIER_KEY: 'a-key-value',
  SSD_CONNECTION_STRING: 'Server=tcp:council.database.windows.net,1433;Database=ssd',
  RUN_SCHEDULE: '0 0 2 * * *',
  RESULTS_STORAGE: 'UseDevelopmentStorage=true',
};

export function errorOf(environment: Record<string, string | undefined>): string {
  try {
    readSettings(environment);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  assert.fail('the settings were taken');
}

export const liveAddress = enough.DFE_API_BASE_URL;
export const testAddress = liveAddress.replace('receiver', 'receiver-test');
