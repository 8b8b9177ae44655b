import { z } from 'zod';
import { flag } from '../command.js';
import { answerOf, shown } from './api.js';
import { theApp, verb } from './verb.js';

/** The name that the app gives the file, and nothing that leads to another folder. */
const fileName = /filename="(support-bundle[\d-]*\.json)"/;

/** `support-bundle`: what the people who help need to know, as a file. */
export const supportBundle = verb({
  says: 'writes the support bundle of the app to a file, for the people who help you',
  help: [
    '--output FILE writes it there, and not under the name that the app gives it',
    '--sign-in     in your own name, where HTTP_NEEDS_SIGN_IN is true',
  ],
  options: z.object({ output: z.string().min(1).optional(), 'sign-in': flag }),
  run: async (surroundings, { output, 'sign-in': isSignedIn }) => {
    const app = await theApp(surroundings);
    const answer = await answerOf(surroundings, app, {
      method: 'GET',
      path: 'support-bundle',
      field: [],
      isSignedIn,
    });
    const [, named = 'support-bundle.json'] =
      fileName.exec(answer.headers.get('content-disposition') ?? '') ?? [];
    return shown(surroundings, answer, output ?? named);
  },
});
