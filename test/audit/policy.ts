interface Policy {
  readonly placeholders: readonly string[];
  readonly sentinelDates: readonly string[];
  readonly farFuture: string;
  readonly noFactorRowIsNone: boolean;
  readonly emptyFactorCellIsNone: boolean;
  readonly noDisabilityRowIsNone: boolean;
  readonly namedThroughParent: boolean;
  readonly contradictoryRowsLeadNowhere: boolean;
  readonly systemcSourceCodeSpeaks: boolean;
  readonly printed: number;
}

/**
 * Where the specification leaves room, the auditor's reading of it. Each is one line, so that it can be changed when the
 * question has been answered.
 */
export const policy: Policy = {
  /** Texts that are no value anywhere. */
  placeholders: ['SSD_PH', '??', '-1'],
  /** Days that are no date. */
  sentinelDates: ['1900-01-01'],
  /** From this day on a day is not a date either (docs/profiles.md, `placeholderDates`). */
  farFuture: '2900-01-01',
  /** `factors: []` for an assessment without any row in ssd_assessment_factors, while other rows of that table join. */
  noFactorRowIsNone: true,
  /** `factors: []` for a cell that is NULL, blank or the word null. */
  emptyFactorCellIsNone: true,
  /** `disabilities: ["NONE"]` for a child without any row in ssd_disability, while the table is there. */
  noDisabilityRowIsNone: true,
  /** Rows under an item that is itself left out with a finding need no finding of their own. */
  namedThroughParent: false,
  /** A care episode whose keys contradict each other does not lead its placements anywhere. */
  contradictoryRowsLeadNowhere: true,
  /** Whether SystemC's column cine_referral_source_code may speak. */
  systemcSourceCodeSpeaks: false,
  /** How many entries of each list are printed. */
  printed: 40,
};
