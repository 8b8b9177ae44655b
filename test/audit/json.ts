export type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Json | undefined {
  return isRecord(value) ? value : undefined;
}

/** The objects of a list; anything else in it is left out. */
export function recordsIn(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) return [];
  const elements: readonly unknown[] = value;
  return elements.filter(isRecord);
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const idKeys = [
  'social_care_episode_id',
  'child_and_family_assessment_id',
  'child_in_need_plan_id',
  'section_47_assessment_id',
  'child_protection_plan_id',
  'child_looked_after_placement_id',
];

/** Every value of a payload by its path; the items of a list are named by their ids: `child_in_need_plans[P1].end_date`. */
export function flattened(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (path !== '') into.set(path, JSON.stringify(value));
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    for (const element of elements) {
      if (!isRecord(element)) continue;
      const id = idKeys.map((key) => textIn(element[key])).find((found) => found !== undefined);
      flattened(element, `${path}[${id ?? JSON.stringify(element)}]`, into);
    }
  } else if (isRecord(value)) {
    for (const [key, held] of Object.entries(value))
      flattened(held, path === '' ? key : `${path}.${key}`, into);
  }
  return into;
}
