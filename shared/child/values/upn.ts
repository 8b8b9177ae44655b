/** Without I, O and S: the check letters by their value, which is also that of a letter in the last place. */
const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

const shape = /^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$/;

/**
 * True for a UPN whose first letter is the check letter of the rest: characters 2 to 13 times their place, summed,
 * modulo 23. The last one is a digit, or a letter in a temporary UPN.
 * Source: CIN census rules 1510, 1540 and 1550; DfE's guide to unique pupil numbers.
 */
export function isUpnPlausible(upn: string): boolean {
  const text = upn.toUpperCase();
  if (!shape.test(text)) return false;
  const sum = Array.from(text.slice(1)).reduce((total, character, index) => {
    const value = letters.includes(character) ? letters.indexOf(character) : Number(character);
    return total + value * (index + 2);
  }, 0);
  return letters.charAt(sum % letters.length) === text.charAt(0);
}
