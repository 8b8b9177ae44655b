/**
 * The code lists of the published specification, copied by hand from payload_fields.csv (column `enum`,
 * attribute numbers in the comments), so that a mistake in the project's own lists is not repeated here.
 */
const words = (text: string): readonly string[] => text.split(' ');

/** 5 */
export const upnUnknownReasons = words('UN1 UN2 UN3 UN4 UN5 UN6 UN7 UN8 UN9 UN10');
/** 10 */
export const sexes = words('M F U');
/** 11 */
export const ethnicities = words(
  'WBRI WIRI WOTH WIRT WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT',
);
/** 12 */
export const disabilities = words('NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA');
/** 18 */
export const referralSources = words('1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10');
/** 20 */
export const closureReasons = words('RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8 RC9');
/** 25: the current codes; 18A and 19A are retired. */
export const assessmentFactors = words(
  '1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A 14A 15A 16A ' +
    '17A 18B 18C 19B 19C 20 21 22A 23A 24A',
);
/** 39 */
export const placementStartReasons = words('S L P T B U');
/** 41 */
export const placementTypes = words(
  'A3 A4 A5 A6 K1 K2 K3 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z11 Z12 Z13 Z14',
);
/** 43 */
export const placementEndReasons = words(
  'E11 E12 E2 E3 E4A E4B E13 E41 E45 E46 E47 E48 E5 E6 E7 E8 E9 E14 E15 E16 E17 X1',
);
/** 44 */
export const placementChangeReasons = words(
  'CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE CUSTOD OTHER',
);
/** 51 */
export const careLeaverActivities = words('F1 P1 F2 P2 F4 P4 F5 P5 G4 G5 G6');
/** 52: the longer of the two lists in circulation (W to Z are in SSDA903 and in D2I's own sample). */
export const careLeaverAccommodations = words('B C D E G H K R S T U V W X Y Z');
