import { z } from 'zod';
import systemc from './profiles/systemc.json';

const capitals = z
  .array(z.string().transform((text) => text.toUpperCase()))
  .transform((list) => new Set(list));

/** How one case management system fills the SSD: what differs between systems, as data. */
const profileSchema = z.strictObject({
  name: z.string(),
  /** The database schema of the SSD tables, unless the setting SSD_SCHEMA says otherwise. */
  schema: z.string(),
  uascStatuses: capitals,
  careWorkerRoles: capitals,
  formerUpnType: z.string(),
  conferenceFlagKeys: z.array(z.string()),
});

export type Profile = z.output<typeof profileSchema>;

/** The built-in profiles by name. */
export const profiles = { systemc: profileSchema.parse(systemc) } as const;

export type ProfileName = keyof typeof profiles;
