import { randomBytes } from 'node:crypto';
import type { RegisteredApp } from './registeredApp.js';
import type {
  CoreInvocationContext,
  InvocationRequest,
  InvocationResponse,
  RegisteredFunction,
} from './workerApi.js';

/** What a trigger hands to one invocation; see `InvocationRequest`. */
export type TriggerInput = Pick<InvocationRequest, 'inputData' | 'triggerMetadata' | 'retryContext'>;

/**
 * Runs one invocation as the Node worker does: the library converts the arguments, the hooks and the handler run,
 * the library converts the outputs. Nothing is written anywhere yet.
 *
 * @throws whatever the handler, a hook or a conversion throws; what is no Error, as the message of one.
 */
export async function invoke(
  app: RegisteredApp,
  { metadata, handler }: RegisteredFunction,
  input: TriggerInput,
  invocationId: string,
): Promise<InvocationResponse> {
  if (app.programmingModel === undefined) throw new Error('The app has set no programming model.');
  const forHooks: { [key: string]: unknown; invocationContext?: unknown } = {
    hookData: {},
    appHookData: app.appHookData,
  };
  const core: CoreInvocationContext = {
    invocationId,
    request: { ...input, invocationId, traceContext: { traceParent: newTraceParent(), traceState: '' } },
    metadata,
    state: undefined,
    log(level, category, message) {
      const entry = { level, functionName: metadata.name, invocationId, message };
      app.log(entry, category, forHooks.invocationContext);
    },
  };
  const model = await app.programmingModel.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  forHooks.invocationContext = context;

  const before = { ...forHooks, functionCallback: handler, inputs };
  core.state = 'preInvocationHooks';
  await app.runHooks('preInvocation', before);

  const after: { inputs: unknown[]; result: unknown; error: unknown } = {
    ...forHooks,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  core.state = 'invocation';
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error instanceof Error ? error : new Error(String(error));
  }

  // A hook may turn a failure into a result, and the other way round.
  core.state = 'postInvocationHooks';
  await app.runHooks('postInvocation', after);
  core.state = undefined;
  const { error } = after;
  if (error !== null && error !== undefined)
    throw error instanceof Error ? error : new Error(JSON.stringify(error));
  return model.getResponse(context, after.result);
}

/** W3C trace context of an operation that starts here. */
function newTraceParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
