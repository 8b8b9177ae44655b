import type { TableReceiver } from '../records/receiver.js';
import { isTableForTests } from '../staging/tableForTests.js';
import type { Guard } from './guard.js';

export const otherReceiver: Guard = ({ receiver, receiverBefore, acknowledged, stagingTable }) => {
  if (receiverBefore === undefined) {
    if (acknowledged === 0 || receiver.receiver === 'live' || isTableForTests(stagingTable)) return undefined;
    return `The staging table says that ${String(acknowledged)} children were sent before, and we cannot tell which receiver they were sent to. This run would be sent to a test receiver, and what the live receiver has acknowledged would be overwritten. Give the test receiver a STAGING_TABLE of its own.`;
  }
  if (described(receiver) === described(receiverBefore)) return undefined;
  return `The staging table holds what another receiver has acknowledged (${String(acknowledged)} children): ${described(receiverBefore)}, while this run would be sent to ${described(receiver)}. That receiver would get only what has changed, and removals of records that it never had. Give each receiver a STAGING_TABLE of its own; approve the run only if it is the same receiver under another address.`;
};

/** Host and path only, without a slash at the end. */
function described({ receiver, baseUrl }: TableReceiver): string {
  const { host, pathname } = new URL(baseUrl);
  return `${receiver} receiver ${host}${pathname.replace(/\/+$/, '')}`;
}
