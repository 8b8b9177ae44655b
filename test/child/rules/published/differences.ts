const outsideTheWindow = 'It is outside the window, and not sent.';
const noEnquiry = 'A conference without an enquiry is not sent.';
const noFlag = 'A flag that is missing or wrong is asked about by 8568, or is a finding of its own.';

/** By rule and child of an example: why we decide otherwise than the public validator. */
export const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  2885: { child6: 'A plan without any conference may be that of a council from which the child came.' },
  2990: { child4: noEnquiry },
  8615: { HHHH: 'An enquiry without a start is a finding of its own.' },
  '8670Q': { ID4: 'There the day of the return is the first of the 45 working days.' },
  8772: { child3: noFlag, child4: noFlag },
  8816: { child4: 'Ours asks for 8815 as well, which counts open referrals without dates.' },
  8831: { child4: noEnquiry },
  8866: { ID1: 'A code that is in no list is a finding of its own.' },
  8868: {
    child3: 'There a conference together with "none required" is asked about, which the rule does not say.',
  },
  '8897Q': { child2: 'A factor that is in no list is a finding of its own.' },
  8840: { child1: outsideTheWindow, child2: outsideTheWindow },
};
