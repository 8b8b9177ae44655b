import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Json, JsonObject } from './json.js';
import { startDfeSimulator, type DfeSimulator, type DfeSimulatorOptions } from './simulator.js';

/** The plainest client, for the simulator's own tests: it sends exactly what it is given. */
export class Caller {
  readonly dfe: DfeSimulator;
  #token: string | undefined;

  private constructor(dfe: DfeSimulator) {
    this.dfe = dfe;
  }

  /** Starts a simulator that the end of the test stops. */
  static async of(test: TestContext, options: Partial<DfeSimulatorOptions> = {}): Promise<Caller> {
    const dfe = await startDfeSimulator({ ...anAuthority, ...options });
    test.after(() => dfe.stop());
    return new Caller(dfe);
  }

  askToken(fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const form = {
      grant_type: 'client_credentials',
      client_id: anAuthority.clientId,
      client_secret: anAuthority.clientSecret,
      scope: anAuthority.scope,
      ...fields,
    };
    return fetch(this.dfe.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  }

  async newToken(): Promise<string> {
    const answer: unknown = await (await this.askToken()).json();
    assert.ok(typeof answer === 'object' && answer !== null && 'access_token' in answer);
    this.#token = String(answer.access_token);
    return this.#token;
  }

  /** Sends these bytes; headers may be overridden, and are left out when undefined. */
  async send(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string | undefined>> = {},
    { laCode = anAuthority.laCode, method = 'POST' } = {},
  ): Promise<Response> {
    const all: Readonly<Record<string, string | undefined>> = {
      authorization: `Bearer ${this.#token ?? (await this.newToken())}`,
      supplierkey: 'primary-key',
      'content-type': 'application/json',
      ...headers,
    };
    const given = new Headers();
    for (const [name, value] of Object.entries(all)) if (value !== undefined) given.set(name, value);
    return fetch(`${this.dfe.apiBaseUrl}/children_social_care_data/${laCode}/children`, {
      method,
      headers: given,
      ...(method === 'GET' ? {} : { body }),
    });
  }

  post(children: readonly Json[]): Promise<Response> {
    return this.send(JSON.stringify(children));
  }

  /** Posts what must be accepted. */
  async put(...children: readonly JsonObject[]): Promise<readonly string[]> {
    const response = await this.post(children);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const receipts: unknown = JSON.parse(text);
    assert.ok(Array.isArray(receipts));
    return receipts.map(String);
  }
}

export const anAuthority = {
  laCode: '845',
  clientId: 'client-id',
  clientSecret: 'client-secret',
  scope: 'api://dfe/.default',
  supplierKeys: ['primary-key', 'secondary-key'],
};

/** The smallest child that the judge accepts. */
export function aChild(laChildId: string, rest: JsonObject = {}): JsonObject {
  return { la_child_id: laChildId, child_details: { sex: 'F' }, ...rest };
}

/** A child with every attribute of the specification. */
export const aWholeChild: JsonObject = {
  la_child_id: 'C-1_a',
  mis_child_id: 'M1',
  purge: false,
  child_details: {
    unique_pupil_number: 'A123456789012',
    former_unique_pupil_number: 'B123456789012',
    first_name: 'Siân 李',
    surname: "O'Connor",
    date_of_birth: '2012-02-29',
    expected_date_of_birth: '2012-03-01',
    sex: 'F',
    ethnicity: 'WBRI',
    disabilities: ['AUT', 'MOB'],
    postcode: 'SW1A 1AA',
    uasc_flag: true,
    uasc_end_date: '2025-01-01',
    purge: false,
  },
  health_and_wellbeing: { sdq_assessments: [{ date: '2025-04-01', score: 40 }], purge: false },
  social_care_episodes: [
    {
      social_care_episode_id: 'E1',
      referral_date: '2024-05-01',
      referral_source: '3E',
      closure_date: '2025-05-01',
      closure_reason: 'RC9',
      referral_no_further_action_flag: false,
      care_worker_details: [
        { worker_id: 'SWE123456789', start_date: '2024-05-01', end_date: '2024-06-01' },
        { worker_id: 'SWE123456789', start_date: '2024-09-01' },
      ],
      child_and_family_assessments: [
        {
          child_and_family_assessment_id: 'A1',
          start_date: '2024-05-02',
          authorisation_date: '2024-06-02',
          factors: ['1A', '24A'],
          purge: false,
        },
      ],
      child_in_need_plans: [
        { child_in_need_plan_id: 'P1', start_date: '2024-06-01', end_date: '2024-07-01' },
      ],
      section_47_assessments: [
        {
          section_47_assessment_id: 'S1',
          start_date: '2024-06-01',
          icpc_required_flag: true,
          icpc_date: '2024-06-10',
          end_date: '2024-06-12',
        },
      ],
      child_protection_plans: [
        { child_protection_plan_id: 'CP1', start_date: '2024-06-10', end_date: '2024-12-10' },
      ],
      child_looked_after_placements: [
        {
          child_looked_after_placement_id: 'PL1',
          start_date: '2024-08-01',
          start_reason: 'S',
          postcode: 'B1 1BB',
          placement_type: 'Z14',
          end_date: '2024-09-01',
          end_reason: 'E4A',
          change_reason: 'CUSTOD',
        },
      ],
      adoption: {
        initial_decision_date: '2024-08-01',
        matched_date: '2024-08-02',
        placed_date: '2024-08-03',
      },
      care_leavers: { contact_date: '2025-03-01', activity: 'F2', accommodation: 'Z' },
      purge: false,
    },
  ],
};
