import type { Guard } from './guard.js';

export const pseudonymsOff: Guard = ({ receiver, receiverBefore, acknowledged, stagingTable }) => {
  const isShown = receiverBefore?.pseudonymised === true && receiver.pseudonymised === false;
  if (!isShown || receiver.receiver === 'live') return undefined;
  return `The test receiver has had these children under pseudonyms until now (${String(acknowledged)} in ${stagingTable}), since they are real. SSD_SYNTHETIC is true now, and this run would send them as they are. Do not approve it unless every row of the SSD is invented: set SSD_SYNTHETIC to false, and give invented children a STAGING_TABLE of their own.`;
};
