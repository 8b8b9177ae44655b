import type { Account } from './account.js';
import { any, isWithin } from './calendar.js';
import type { Field } from './fields.js';
import type { Row } from './input.js';
import { recordOf, recordsIn, textIn } from './json.js';

const adoptionFields: readonly Field[] = [
  { key: 'initial_decision_date', column: 'perm_adm_decision_date', kind: 'date' },
  { key: 'matched_date', column: 'perm_matched_date', kind: 'date' },
  { key: 'placed_date', column: 'perm_placed_for_adoption_date', kind: 'date' },
];

const leaverFields: readonly Field[] = [
  { key: 'contact_date', column: 'clea_care_leaver_latest_contact', kind: 'date' },
  { key: 'activity', column: 'clea_care_leaver_activity', kind: { code: 'careLeaverActivity' } },
  {
    key: 'accommodation',
    column: 'clea_care_leaver_accommodation',
    kind: { code: 'careLeaverAccommodation' },
  },
];

/** Audits what belongs to the person and is sent under one episode: adoption and leaving care. */
export function auditPersonLevel(account: Account): void {
  auditAdoption(account);
  auditCareLeaver(account);
}

function blocks(account: Account, key: string) {
  return recordsIn(account.payload['social_care_episodes'])
    .filter((episode) => episode['purge'] !== true)
    .flatMap((episode) => {
      const block = recordOf(episode[key]);
      const id = textIn(episode['social_care_episode_id']) ?? '';
      return block === undefined || block['purge'] === true
        ? []
        : [{ block, episode: id, at: `social_care_episodes[${id}].${key}` }];
    });
}

function auditAdoption(account: Account): void {
  const table = 'ssd_permanence';
  const found = blocks(account, 'adoption');
  if (found.length > 1) account.fault('social_care_episodes', 'the adoption is on several episodes');
  for (const { block, episode, at } of found) {
    const rows = account.rows(table);
    if (rows.length === 0) {
      account.fault(at, 'no permanence row belongs to the child', block);
      continue;
    }
    const [chosen] = account.trace(block, at, table, rows, adoptionFields);
    if (chosen === undefined) continue;
    if (adoptionScope(account, chosen) === 'no')
      account.fault(at, 'none of its dates is in the window', block);
    const homes = episodesOfPeriod(account, chosen);
    if (homes.size > 0 && !homes.has(episode) && isInPayload(account, homes))
      account.fault(at, `its period of care is under ${[...homes].join(', ')}`, block);
  }
  const isOrderInDoubt = account.rows(table).some((row) => !isTold(account, row));
  for (const row of account.rows(table)) {
    const scope = adoptionScope(account, row);
    const said = adoptionFields.map(({ column }) => account.date(table, row, column));
    if (said.every(({ is }) => is === 'none'))
      account.outOfScope(table, row, ['outsideWindow', 'notReported'], 'it has no date at all');
    else if (scope === 'no')
      account.outOfScope(table, row, ['outsideWindow'], 'none of its dates is in the window');
    else if (scope === 'yes' && found.length > 0)
      account.outOfScope(table, row, ['notChosen'], 'another adoption of the child is sent');
    else if (scope === 'yes' && isTold(account, row) && isOrderInDoubt)
      account.outOfScope(table, row, ['notChosen'], 'another, which is named, may be the latest');
    else account.mustBeNamed(table, row, 'an adoption that is not in the payload');
  }
}

function isTold(account: Account, row: Row): boolean {
  return adoptionFields.every(
    ({ column }) => account.date('ssd_permanence', row, column).is !== 'unreadable',
  );
}

function adoptionScope(account: Account, row: Row) {
  return any(
    adoptionFields.map(({ column }) => isWithin(account.window, account.date('ssd_permanence', row, column))),
  );
}

function episodesOfPeriod(account: Account, row: Row): ReadonlySet<string> {
  const period = account.key('ssd_permanence', row, 'perm_cla_id');
  return new Set(
    account
      .rows('ssd_cla_episodes')
      .filter(
        (care) => period !== undefined && account.key('ssd_cla_episodes', care, 'clae_cla_id') === period,
      )
      .flatMap((care) =>
        account.owners
          .referralsOfCareEpisode(care)
          .flatMap((episode) => account.key('ssd_cin_episodes', episode, 'cine_referral_id')?.trim() ?? []),
      ),
  );
}

function isInPayload(account: Account, ids: ReadonlySet<string>): boolean {
  return recordsIn(account.payload['social_care_episodes']).some((episode) =>
    ids.has(textIn(episode['social_care_episode_id']) ?? ''),
  );
}

function auditCareLeaver(account: Account): void {
  const table = 'ssd_care_leavers';
  const column = 'clea_care_leaver_latest_contact';
  const found = blocks(account, 'care_leavers');
  const rows = account.rows(table);
  if (found.length > 1) account.fault('social_care_episodes', 'care leavers is on several episodes');
  const latest = rows
    .map((row) => account.date(table, row, column))
    .flatMap((said) => (said.is === 'date' ? [said.date] : []))
    .sort()
    .at(-1);
  for (const { block, at } of found) {
    if (rows.length === 0) {
      account.fault(at, 'no care leaver row belongs to the child', block);
      continue;
    }
    account.trace(block, at, table, rows, leaverFields);
    const contact = textIn(block['contact_date']);
    if (latest !== undefined && (contact === undefined || contact < latest))
      account.fault(
        `${at}.contact_date`,
        `not the latest contact, which is ${latest}`,
        block['contact_date'],
      );
  }
  for (const row of rows) {
    const said = account.date(table, row, column);
    const isEarlier =
      latest !== undefined && (said.is === 'none' || (said.is === 'date' && said.date < latest));
    const hangsOnAnother =
      said.is === 'date' &&
      found.length === 0 &&
      rows.some((other) => account.date(table, other, column).is === 'unreadable');
    const isTied = said.is === 'date' && said.date === latest && rows.some((other) => account.isSent(other));
    if (isEarlier || isTied || hangsOnAnother)
      account.outOfScope(table, row, ['notChosen'], 'another contact is the latest');
    else account.mustBeNamed(table, row, 'its contact cannot be read, or is not in the payload');
  }
}
