import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { categoryNames, tablesNotRead } from '../../../shared/child/categories.js';
import { isUnreadable, type Unreadable } from '../../../shared/child/cells.js';
import { addToDate, type PlainDate } from '../../../shared/child/dates.js';
import { ruleThemes, rules } from '../../../shared/child/rules/catalogue.js';
import { detailTables, ssdTables, type PersonRows, type SsdTable } from '../../../shared/child/sourceRows.js';
import { builtOf, episodesSent, rulesOn, today } from '../aPayload.js';
import { anyPerson } from '../anyPerson.js';
import { soundPerson, storyDays, withReferralsOf, type Story } from './aSoundPerson.js';
import { breakings } from './breaking/all.js';
import { told } from './remarksOf.js';

const codes = new Set<string>(rules.map(({ code }) => code));
const codeIn = (text: string) => text.slice(0, text.indexOf(':'));
const remarks = (rows: PersonRows, by = rulesOn(today)) =>
  told(rows, by).filter((text) => codes.has(codeIn(text)));

const drawn = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 60 }), isProtected: fc.boolean() }), {
  minLength: 1,
  maxLength: 3,
});

/** Referrals one after the other, the first within two months after a day, and all but the last one closed. */
function referrals(after: PlainDate, isLastOpen: boolean): fc.Arbitrary<readonly Story[]> {
  return drawn.map((stories) => {
    let from = after;
    return stories.map(({ gap, isProtected }, index) => {
      const referred = addToDate(from, { days: gap });
      from = addToDate(referred, { days: storyDays });
      return { referred, isProtected, isClosed: !isLastOpen || index < stories.length - 1 };
    });
  });
}

describe('a person whose record is sound', () => {
  it('is asked nothing, whenever and however often it was referred', () => {
    const persons = fc.oneof(referrals('2024-04-10', true), referrals('2024-04-10', false));
    fc.assert(
      fc.property(persons, (stories) => {
        assert.deepEqual(told(soundPerson(stories)), []);
      }),
      { numRuns: 100 },
    );
  });
});

/** Those who could have been referred in 2023. */
const ofTheBorn = breakings.filter(({ sound, broken }) =>
  [sound, broken(sound)].every(({ person: { pers_dob: birth } }) => {
    return birth !== null && !isUnreadable(birth) && birth < '2023-01-01';
  }),
);

describe('what breaks a sound record', () => {
  it('is there for each rule about children in need', () => {
    const themes = [
      ...ruleThemes['who the child is'],
      ...ruleThemes['before the birth'],
      ...ruleThemes.referrals,
      ...ruleThemes.assessments,
      ...ruleThemes['section 47 enquiries and conferences'],
      ...ruleThemes.plans,
    ];
    const theirs = themes
      .map(({ code }): string => code)
      .filter((code) => !code.startsWith('ssda903') && code !== 'upn-shared');
    const broken = new Set<string>(breakings.map(({ rule }) => rule));
    assert.deepEqual(
      theirs.filter((code) => !broken.has(code)),
      [],
    );
  });

  it('makes exactly its rule ask, whatever the child went through before, and changes nothing of that', () => {
    const history = referrals('2023-09-20', false).map((stories) => soundPerson(stories.slice(0, 2), 8));
    const numbers = new Set(['R8', 'R9']);
    const earlier = (rows: PersonRows) =>
      episodesSent(rows).filter(({ social_care_episode_id: id }) => numbers.has(id));
    fc.assert(
      fc.property(fc.constantFrom(...ofTheBorn), history, ({ sound, broken, told: asked }, before) => {
        const rows = withReferralsOf(broken(sound), before);
        assert.deepEqual(told(withReferralsOf(sound, before)), []);
        assert.deepEqual(told(rows), asked);
        assert.deepEqual(earlier(rows), earlier(withReferralsOf(sound, before)));
      }),
      { numRuns: 200 },
    );
  });
});

const unread: Unreadable = { unreadable: 'form', found: '4 characters: letters' };

/** A cell of a person that is not an id: which one, by numbers that are drawn. */
const anyCell = fc.record({ at: fc.nat(), column: fc.nat() });
type AnyCell = typeof anyCell extends fc.Arbitrary<infer Cell> ? Cell : never;

function withCell(
  rows: PersonRows,
  { at, column }: AnyCell,
  kinds: readonly string[],
  cell: Unreadable | PlainDate,
): PersonRows {
  const columnOf = (table: SsdTable) => {
    const columns = Object.entries(ssdTables[table]).filter(([, kind]) => kinds.includes(kind));
    return columns[column % Math.max(columns.length, 1)]?.[0];
  };
  const filled = detailTables.filter((table) => rows[table].length > 0 && columnOf(table) !== undefined);
  const table = filled[at % (filled.length + 1)];
  const name = columnOf(table ?? 'ssd_person');
  if (name === undefined) return rows;
  if (table === undefined) return { ...rows, person: { ...rows.person, [name]: cell } };
  const changed = Math.floor(at / (filled.length + 1)) % rows[table].length;
  return {
    ...rows,
    [table]: rows[table].map((row, index) => (index === changed ? { ...row, [name]: cell } : row)),
  };
}

/** What is sent, by its ids: a cell may also decide whether a row is in the window. */
function idsSent(rows: PersonRows): string {
  return JSON.stringify(builtOf(rows).child, (key, value: unknown) =>
    typeof value === 'object' || key.endsWith('_id') ? value : undefined,
  );
}

/** What is sent, each value with the way to it. */
function sentBy(rows: PersonRows): ReadonlySet<string> {
  const said = new Set<string>();
  const add = (way: string, value: unknown) => {
    if (typeof value !== 'object' || value === null) said.add(`${way} ${String(value)}`);
    else for (const [key, one] of Object.entries(value)) add(`${way}.${key}`, one);
  };
  add('', builtOf(rows).child);
  return said;
}

/** Whether no id is there twice: which of its rows is sent may rest on any cell. */
function isOfOneRowEach(rows: PersonRows): boolean {
  return !builtOf(rows).findings.some(({ rule }) => rule === 'duplicate-id');
}

/** Persons whose record is broken, and any others. */
const anyone = fc.oneof(anyPerson, fc.constantFrom(...breakings.map(({ sound, broken }) => broken(sound))));

describe('the rules', () => {
  it('ask nothing because a cell cannot be read', () => {
    const before = (rows: PersonRows) => new Set(remarks(rows));
    fc.assert(
      fc.property(anyone, anyCell, (rows, cell) => {
        const known = before(rows);
        const unreadable = withCell(rows, cell, ['text', 'date'], unread);
        // A start that cannot be read may let something be sent that was not: then there is more to ask about.
        fc.pre(isOfOneRowEach(rows) && idsSent(unreadable) === idsSent(rows));
        const sent = sentBy(rows);
        fc.pre([...sentBy(unreadable)].every((said) => sent.has(said)));
        assert.deepEqual(
          remarks(unreadable).filter((text) => !known.has(text)),
          [],
        );
      }),
      { numRuns: 500 },
    );
  });

  it('take any date, wherever it is', () => {
    const extremes = fc.constantFrom<PlainDate>('0001-01-01', '2024-02-29', '9999-12-31');
    fc.assert(
      fc.property(
        anyone,
        fc.array(fc.tuple(anyCell, extremes), { minLength: 1, maxLength: 4 }),
        (rows, cells) => {
          const changed = cells.reduce((so, [cell, day]) => withCell(so, cell, ['date'], day), rows);
          assert.doesNotThrow(() => builtOf(changed));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ask about nothing that is missing in a table that is not there, or not shared', () => {
    const needing = rules.filter(({ needs }) => needs !== undefined);
    const leaving = (table: SsdTable) => categoryNames.filter((one) => tablesNotRead([one]).has(table));
    fc.assert(
      fc.property(anyone, fc.constantFrom(...needing), (rows, { code, needs = [] }) => {
        for (const table of needs) {
          const without = { ...rows, [table]: [] };
          const absent = { ...rulesOn(today), absentTables: new Set([table]) };
          const asked = [
            ...remarks(without, absent),
            ...leaving(table).flatMap((one) => remarks(without, { ...rulesOn(today), leftOut: [one] })),
          ];
          assert.deepEqual(
            asked.filter((text) => codeIn(text) === code),
            [],
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
