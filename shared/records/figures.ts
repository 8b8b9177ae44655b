import { z } from 'zod';
import { runIdSchema } from './runId.js';
import { count, counts } from './scalars.js';

/** The findings of a run in numbers. */
const findingFiguresSchema = z.object({
  /** Findings by rule. */
  findings: counts,
  findingsBySeverity: counts,
  /** How the findings differ from those of an earlier run, by rule. */
  sinceRunBefore: z.object({
    /** The run compared with; absent when there is none, and every finding is new. */
    runId: runIdSchema.optional(),
    new: counts,
    stillThere: counts,
    /** In the earlier run, and no longer in this one. */
    mended: counts,
  }),
});
export type FindingFigures = z.output<typeof findingFiguresSchema>;

/** What an extract counts itself. */
export const ownFiguresSchema = z.strictObject({
  /** Persons that pass the age gate. */
  personsRead: count,
  cohort: count,
  /** Children of the cohort that cannot be sent. */
  held: count,
  new: count,
  updated: count,
  unchanged: count,
  leavers: count,
  withdrawn: count,
  /** Children whose payload DfE has refused before, and which are not sent again. */
  refusedBefore: count,
  /** Children this run sends, leavers included. */
  toSend: count,
  /** For scope `children`: how many of those named are neither in the cohort nor have left it. */
  namedNotFound: count,
  /**
   * Children from whose record DfE removes a block with this run, because it holds something that is no longer shared. The next run
   * sends the block without it. Absent before 0.3.
   */
  sentInTwoSteps: count.default(0),
  /** Referrals from before the window that are sent, by the rule that lets them in. Absent before 0.3. */
  olderReferralsOpen: count.default(0),
  olderReferralsClosedInWindow: count.default(0),
  olderReferralsWithItemInWindow: count.default(0),
  /** Of those held: the children that a rule the council has changed is about. Absent before 0.4. */
  heldByCouncil: count.default(0),
});
export type OwnFigures = z.output<typeof ownFiguresSchema>;

/** Of an extract that has read nothing yet. */
export const noFigures: OwnFigures = {
  personsRead: 0,
  cohort: 0,
  held: 0,
  new: 0,
  updated: 0,
  unchanged: 0,
  leavers: 0,
  withdrawn: 0,
  refusedBefore: 0,
  toSend: 0,
  namedNotFound: 0,
  sentInTwoSteps: 0,
  olderReferralsOpen: 0,
  olderReferralsClosedInWindow: 0,
  olderReferralsWithItemInWindow: 0,
  heldByCouncil: 0,
};

/** What the extract found, in numbers. */
export const figuresSchema = z.object({
  ...ownFiguresSchema.shape,
  /** For each kind of id: how many DfE holds, how many of these are gone, and how many are new. */
  idChurn: z.record(z.string(), z.object({ held: count, gone: count, new: count })),
  /** Rows of each SSD table when the extract began. */
  ssdRows: counts,
  /** By the path of each attribute of the payload: in how many blocks or items it is filled. Absent before 0.2. */
  fill: z.record(z.string(), z.object({ filled: count, of: count })).optional(),
  /** How the rows of each table meet those of another. Absent before 0.2. */
  relations: z
    .array(
      z.object({
        relation: z.string(),
        table: z.string(),
        columns: z.array(z.string()),
        parent: z.string(),
        rows: count,
        withKey: count,
        found: count,
      }),
    )
    .optional(),
  /**
   * How many involvements there are, and how many have a role that the profile reports. Absent before 0.2, where no
   * role is required, and where the SSD does not have the column.
   */
  involvements: z.object({ rows: count, withReportedRole: count }).optional(),
  ...findingFiguresSchema.shape,
});
export type Figures = z.output<typeof figuresSchema>;
