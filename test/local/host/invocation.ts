import { randomBytes } from 'node:crypto';
import type { RegisteredApp } from './registeredApp.js';
import type {
  CoreInvocationContext,
  InvocationRequest,
  InvocationResponse,
  RegisteredFunction,
} from './workerApi.js';

/** What a trigger hands to one invocation; see `InvocationRequest`. */
export type TriggerInput = Pick<InvocationRequest, 'inputData' | 'triggerMetadata'>;

/**
 * Runs one invocation as the Node worker does: the library converts the arguments, the hooks before it and the handler
 * run, the library converts the outputs. Nothing is written anywhere yet.
 *
 * @throws what the handler, a hook or a conversion throws
 */
export async function invoke(
  app: RegisteredApp,
  { metadata, handler }: RegisteredFunction,
  input: TriggerInput,
  invocationId: string,
): Promise<InvocationResponse> {
  if (app.programmingModel === undefined) throw new Error('The app has set no programming model.');
  const core: CoreInvocationContext = {
    invocationId,
    request: { ...input, invocationId, traceContext: { traceParent: newTraceParent(), traceState: '' } },
    metadata,
    state: undefined,
    log(level, _category, message) {
      app.log({ level, functionName: metadata.name, invocationId, message });
    },
  };
  const model = await app.programmingModel.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const before = {
    ...{ hookData: {}, appHookData: app.appHookData, invocationContext: context },
    ...{ functionCallback: handler, inputs },
  };
  core.state = 'preInvocationHooks';
  await app.runHooks('preInvocation', before);
  core.state = 'invocation';
  const result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  core.state = undefined;
  return model.getResponse(context, result);
}

/** W3C trace context of an operation that starts here. */
function newTraceParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
