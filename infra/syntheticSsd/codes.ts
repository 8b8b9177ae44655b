/**
 * The national code lists that a clean SSD keeps to (CIN census and SSDA903, 2025-26). Written out here rather than
 * taken from `shared/child`, so that a slip in one of the two shows.
 */
export const ethnicities = [
  ...['WBRI', 'WIRI', 'WOTH', 'WIRT', 'WROM', 'MWBC', 'MWBA', 'MWAS', 'MOTH', 'AIND'],
  ...['APKN', 'ABAN', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'CHNE', 'OOTH', 'REFU', 'NOBT'],
];

export const sexes = ['M', 'F', 'U'];

export const upnUnknownReasons = ['UN1', 'UN2', 'UN3', 'UN4', 'UN5', 'UN6', 'UN7', 'UN8', 'UN9', 'UN10'];

/** Without NONE, which is never used with another code. */
export const disabilities = [
  ...['MOB', 'HAND', 'PC', 'INC', 'COMM', 'LD', 'HEAR', 'VIS', 'BEH', 'CON', 'AUT', 'DDA'],
];

export const referralSources = [
  ...['1A', '1B', '1C', '1D', '2A', '2B', '3A', '3B', '3C', '3D', '3E', '3F', '4'],
  ...['5A', '5B', '5C', '5D', '6', '7', '8', '9', '10'],
];

export const closureReasons = ['RC1', 'RC2', 'RC3', 'RC4', 'RC5', 'RC6', 'RC7', 'RC8', 'RC9'];

export const primaryNeeds = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8'];

/** Without 21 ("no factors identified"), which is used alone. */
export const assessmentFactors = [
  ...['1A', '1B', '1C', '2A', '2B', '2C', '3A', '3B', '3C', '4A', '4B', '4C', '5A', '5B', '5C', '6A', '6B'],
  ...['6C', '7A', '8B', '8C', '8D', '8E', '8F', '9A', '10A', '11A', '12A', '13A', '14A', '15A', '16A', '17A'],
  ...['18B', '18C', '19B', '19C', '20', '22A', '23A', '24A'],
];

export const placementTypes = [
  ...['A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'K3', 'P1', 'P3', 'R1', 'R2', 'R3', 'R5', 'S1'],
  ...['T0', 'T1', 'T2', 'T3', 'T4', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'Z11', 'Z12', 'Z13', 'Z14'],
];

/** Those that last, and are for children of any age. */
export const lastingPlacements = placementTypes.filter((type) => !/^(?:T\d|K3|P3|R5|S1)$/.test(type));

export const careStartReasons = ['S', 'L', 'P', 'T', 'B', 'U'];

export const careEndReasons = [
  ...['E11', 'E12', 'E2', 'E3', 'E4A', 'E4B', 'E13', 'E41', 'E45', 'E46', 'E47', 'E48', 'E5', 'E6', 'E7'],
  ...['E8', 'E9', 'E14', 'E15', 'E16', 'E17', 'X1'],
];

export const placementChangeReasons = [
  ...['CARPL', 'CLOSE', 'ALLEG', 'STAND', 'APPRR', 'CREQB', 'CREQO', 'CHILD', 'LAREQ', 'PLACE'],
  ...['CUSTOD', 'OTHER'],
];

/** Those for children of any age: custody is for those over 10. */
export const moveReasons = placementChangeReasons.filter((reason) => reason !== 'CUSTOD');

export const careLeaverActivities = ['F1', 'P1', 'F2', 'P2', 'F4', 'P4', 'F5', 'P5', 'G4', 'G5', 'G6'];

export const careLeaverAccommodations = Array.from('BCDEGHKRSTUVWXYZ');

export const protectionCategories = ['NEG', 'PHY', 'SAB', 'EMO', 'MUL'];
