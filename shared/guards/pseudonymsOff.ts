import type { Guard } from './guard.js';

export const pseudonymsOff: Guard = ({ receiver, receiverBefore, acknowledged, stagingTable }) => {
  const isShown = receiverBefore?.pseudonymised === true && receiver.pseudonymised === false;
  if (!isShown || receiver.receiver === 'live') return undefined;
  return `Until now these children (${String(acknowledged)} in ${stagingTable}) were sent to the test receiver under pseudonyms. SSD_SYNTHETIC is now true, and this run would send its children without pseudonyms. Do not approve it unless every row of the SSD is invented: set SSD_SYNTHETIC to false, and give invented children a STAGING_TABLE of their own.`;
};
