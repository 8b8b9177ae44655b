import { z } from 'zod';
import type { Database, Engine } from './database.js';

/** The time by the database's clock, in UTC. */
export const utcNow: Readonly<Record<Engine, string>> = {
  sqlserver: 'SYSUTCDATETIME()',
  postgres: "now() AT TIME ZONE 'UTC'",
};

/** A moment in UTC, as a row has it: SQL Server's driver gives moments as dates, PostgreSQL's as text. */
export const momentSchema = z.union([
  z.date(),
  z.string().transform((moment) => new Date(`${moment.replace(' ', 'T')}Z`)),
]);

const clockSchema = z.tuple([z.object({ utc_now: momentSchema })]);

export async function databaseTime(database: Database): Promise<Date> {
  const rows = await database.query(`SELECT ${utcNow[database.engine]} AS utc_now`);
  return clockSchema.parse(rows)[0].utc_now;
}
