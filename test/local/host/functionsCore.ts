/**
 * Takes the place of the module `@azure/functions-core`, which exists inside the Node worker only.
 * Evaluated anew for every app that is loaded, so that each copy of the library is bound to its own app.
 */
import { appBeingLoaded } from './loading.js';
import type { FunctionMetadata, Handler, Hook, ProgrammingModel } from './workerApi.js';

const app = appBeingLoaded();

export const version = '3.10.1';
export const hostVersion = '4.1040.0';

export class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose();
  }
}

export function registerFunction(metadata: FunctionMetadata, handler: Handler): Disposable {
  return new Disposable(app.registerFunction(metadata, handler));
}

export function registerHook(name: string, hook: Hook): Disposable {
  return new Disposable(app.registerHook(name, hook));
}

export function setProgrammingModel(model: ProgrammingModel): void {
  app.programmingModel = model;
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return app.programmingModel;
}

export function log(level: string, _category: string, message: string): void {
  app.log({ level, message });
}
