/** Why a message or a chunk is turned away: the run's records do not say what it says. Nothing of it is posted. */
export const turnedAwayReasons = [
  'noPlan',
  'dryRun',
  'notApproved',
  'notInPlan',
  'otherBlob',
  'finished',
  'notReached',
  'runEnded',
  'lostTurn',
  'otherReceiver',
  'notAgreed',
  'noBlob',
  'unreadable',
  'otherChunk',
  'noHash',
  'changed',
  'otherChild',
  'otherPayload',
] as const;
export type TurnedAway = (typeof turnedAwayReasons)[number];

const texts: Readonly<Record<TurnedAway, string>> = {
  noPlan: 'the run has no plan that this version can read',
  dryRun: 'the run is a dry run, which sends nothing',
  notApproved: 'a safety check has paused the run, and it has not been approved',
  notInPlan: 'the plan of the run has no chunk of that number',
  otherBlob: 'the message names another blob than the plan of the run',
  finished: 'the chunk has its result already',
  notReached: 'the run has not reached that chunk',
  runEnded: 'the run had ended',
  lostTurn: 'the run had lost its turn',
  otherReceiver:
    'the settings name another receiver or another staging table than when the run was planned, or share less',
  notAgreed: 'the settings do not say that a signed data-sharing agreement covers it',
  noBlob: 'its blob is gone',
  unreadable: 'its blob does not hold what this version writes there',
  otherChunk: 'its blob says that it is another chunk, or a chunk of another run',
  noHash: 'the plan of the run has no hash of it',
  changed: 'its blob was changed after the run was planned',
  otherChild: 'it has a payload that carries the id of another child',
  otherPayload: 'it has a payload that is not the one its hash was made from',
};

/** @param reason as a record of any version says it */
export function turnedAwayText(reason: string): string {
  return new Map<string, string>(Object.entries(texts)).get(reason) ?? reason;
}
