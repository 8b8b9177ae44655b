import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  deleteFunctionKey,
  isNightlyDisabled,
  newFunctionKey,
  pauseNightly,
  tellApp,
} from '../../deployment/app/appState.js';
import { flag } from '../command.js';
import { commandLine, theApp, verb, type Verb } from './verb.js';

const nothing = z.object({});

/** `pause` and `resume`: the timer of the nightly run. */
export const pause = timer(true);
export const resume = timer(false);

function timer(isToPause: boolean): Verb {
  return verb({
    says: isToPause
      ? 'switches the nightly run off; the app restarts'
      : 'switches the nightly run on again; the app restarts',
    options: nothing,
    run: async (surroundings) => {
      const { azure, write } = surroundings;
      const app = await theApp(surroundings);
      const isChanged = await pauseNightly(azure, app, isToPause);
      const state = isToPause ? 'paused' : 'on';
      write(
        isChanged
          ? `The nightly run of ${app.name} is ${state}. The app restarts.\n`
          : `The nightly run of ${app.name} is ${state} already: nothing was changed.\n`,
      );
      const disabled = await isNightlyDisabled(azure, app);
      if (disabled !== undefined && disabled !== isToPause) {
        write(`The host does not show it yet. Look again: ${commandLine(surroundings, 'status')}\n`);
      }
      return 0;
    },
  });
}

export const restart = lifecycle('restart', 'restarts the app; what is running stops and is repeated');
export const stop = lifecycle('stop', 'stops the app: nothing runs, and no page opens');
export const start = lifecycle('start', 'starts a stopped app');

function lifecycle(what: 'restart' | 'stop' | 'start', says: string): Verb {
  return verb({
    says,
    options: nothing,
    run: async (surroundings) => {
      const app = await theApp(surroundings);
      await tellApp(surroundings.azure, app, what);
      surroundings.write(`${app.name}: ${what} was asked for.\n`);
      return 0;
    },
  });
}

/** `key`: function keys for programs. */
export const key = verb({
  says: 'makes a function key and shows it once, or replaces or deletes it',
  help: ['--name NAME   whose key, such as default or monitoring', '--delete      deletes it'],
  options: z.object({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    delete: flag,
  }),
  run: async (surroundings, { name, delete: isDeleted }) => {
    const { azure, write } = surroundings;
    const app = await theApp(surroundings);
    if (isDeleted) {
      await deleteFunctionKey(azure, app, name);
      write(`The key ${name} is deleted and no longer works.\n`);
      return 0;
    }
    const value = randomBytes(32).toString('base64url');
    await newFunctionKey(azure, app, name, value);
    // The default key is fetched by the commands themselves.
    write(
      name === 'default'
        ? 'The default key is new. Calls with the old key now get 401.\n'
        : `The key ${name}, shown only this once:\n${value}\n`,
    );
    return 0;
  },
});
