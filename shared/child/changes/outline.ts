import { z } from 'zod';
import { idIn, itemLists, lists, nestedLists, type ItemList, type NestedList } from '../lists.js';
import { recordOf } from '../recordOf.js';

type EpisodeOutline = {
  readonly social_care_episode_id: string;
  readonly care_worker_details?: readonly unknown[] | undefined;
  readonly adoption?: unknown;
  readonly care_leavers?: unknown;
} & Readonly<Partial<Record<NestedList, readonly object[] | undefined>>>;

/** The part of a payload or submission that purge entries need: its ids and blocks. Every `Child` is an outline. */
export interface Outline {
  readonly child_details?:
    | { readonly disabilities?: readonly unknown[] | undefined; readonly [attribute: string]: unknown }
    | undefined;
  readonly health_and_wellbeing?: unknown;
  readonly social_care_episodes?: readonly EpisodeOutline[] | undefined;
}

/** What Data to Insight's scripts have sent is read as well, so anything else in a text is passed over. */
const outlineSchema: z.ZodType<Outline> = z.object({
  child_details: z.looseObject({ disabilities: z.array(z.unknown()).optional() }).optional(),
  health_and_wellbeing: z.unknown().optional(),
  social_care_episodes: z
    .array(
      z.object({
        social_care_episode_id: z.string(),
        care_worker_details: z.array(z.unknown()).optional(),
        adoption: z.unknown().optional(),
        care_leavers: z.unknown().optional(),
        ...recordOf(nestedLists, (list) => z.array(itemSchemaOf(list)).optional()),
      }),
    )
    .optional(),
});

function itemSchemaOf(list: NestedList) {
  const id = { [lists[list].id]: z.string() };
  return list === 'child_and_family_assessments'
    ? z.object({ ...id, factors: z.array(z.unknown()).optional() })
    : z.object(id);
}

/** The outline of a JSON text, `undefined` when it cannot be read. */
export function outlineIn(text: string): Outline | undefined {
  try {
    // A null, which others may have sent, names nothing.
    const json: unknown = JSON.parse(text, (_, value: unknown) => value ?? undefined);
    return outlineSchema.safeParse(json).data;
  } catch {
    return undefined;
  }
}

/** By list, the ids of the items that a payload or a submission names, under any episode. */
export function idsIn(payload: Outline): Readonly<Record<ItemList, ReadonlySet<string>>> {
  const episodes = payload.social_care_episodes ?? [];
  return recordOf(itemLists, (list) => {
    const items: readonly object[] =
      list === 'social_care_episodes' ? episodes : episodes.flatMap((episode) => episode[list] ?? []);
    return new Set(items.flatMap((item) => idIn(list, item) ?? []));
  });
}
