import { globSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { RegisteredApp } from './registeredApp.js';
import type { LogEntry } from './workerApi.js';

const PackageJson = z.object({ main: z.string().min(1), type: z.literal('commonjs').optional() });

let loading: RegisteredApp | undefined;

/** The app whose files are being loaded at this moment. @throws Error when there is none. */
export function appBeingLoaded(): RegisteredApp {
  if (loading === undefined) {
    throw new Error('@azure/functions-core exists only while a Functions host loads an app.');
  }
  return loading;
}

/**
 * Loads the entry files of a compiled app as the Node worker does: all files that `main` of its package.json
 * matches, in their order. The app's own modules, which are CommonJS, and `@azure/functions` are evaluated anew each time.
 *
 * As in the worker, an entry file that throws ends the loading and shows its stack on stderr. The real host then has
 * no functions at all, also when others had been registered before it; here that is an error.
 *
 * @returns what was registered, and `unload`, which takes the stand-in for `@azure/functions-core` away again.
 * @throws Error naming the entry file that threw, or saying that nothing matched or nothing was registered.
 */
export function loadApp(
  appRoot: string,
  onLog: (entry: LogEntry) => void,
): { app: RegisteredApp; unload: () => void } {
  const root = realpathSync(appRoot);
  const { main } = PackageJson.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const entries = globSync(main, { cwd: root }).sort();
  if (entries.length === 0) throw new Error(`No file in ${root} matches "main" of package.json (${main}).`);

  const app = new RegisteredApp(onLog);
  forgetModulesOf(root);
  const unload = standInForFunctionsCore();
  const requireEntry: (file: string) => unknown = createRequire(join(root, 'package.json'));
  loading = app;
  let current = '';
  try {
    for (current of entries) {
      requireEntry(join(root, current));
    }
  } catch (error) {
    unload();
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Worker was unable to load entry point "${current}": ${shown}\n`);
    throw new Error(
      `Zero functions: the entry file ${current} threw while it was loaded (its stack is on stderr).` +
        ` Registered before it and lost: ${[...app.functions.keys()].join(', ') || 'nothing'}.`,
      { cause: error },
    );
  } finally {
    loading = undefined;
  }
  if (app.functions.size === 0) {
    unload();
    throw new Error(`Zero functions: none of ${entries.join(', ')} registered one with @azure/functions.`);
  }
  return { app, unload };
}

/** A worker is a new process; here the modules of the app and the library's state are made new instead. */
function forgetModulesOf(root: string): void {
  const packages = `${sep}node_modules${sep}`;
  const library = `${packages}@azure${sep}functions${sep}`;
  const core = require.resolve('./functionsCore.js');
  for (const file of Object.keys(require.cache)) {
    const ofTheApp =
      file.startsWith(root + sep) && !file.includes(packages) && !file.startsWith(__dirname + sep);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the documented way to load a module again
    if (ofTheApp || file.includes(library) || file === core) delete require.cache[file];
  }
}

function standInForFunctionsCore(): () => void {
  const url = pathToFileURL(require.resolve('./functionsCore.js')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === '@azure/functions-core'
        ? { url, format: 'commonjs', shortCircuit: true }
        : nextResolve(specifier, context),
  });
  return () => {
    hooks.deregister();
  };
}
