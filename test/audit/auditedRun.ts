import { AuditedProgram, type NightResult } from './adapter.js';
import { audit, type Audit } from './auditor.js';
import { isRecord, textIn } from './json.js';
import { loadAudited, storable } from './loadAudited.js';
import type { Ssd } from './input.js';

const schema = 'ssd_audited';

/** Does runs of the program over SSDs and has each of them audited. One embedded database serves them all. */
export class AuditedRuns {
  readonly #program: AuditedProgram;

  private constructor(program: AuditedProgram) {
    this.#program = program;
  }

  static async start(): Promise<AuditedRuns> {
    return new AuditedRuns(await AuditedProgram.start());
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }

  /** The first run over an SSD, with nothing acknowledged. */
  async firstNight(
    ssd: Ssd,
    today: string,
  ): Promise<{ readonly audit: Audit; readonly result: NightResult }> {
    await this.#program.forget();
    const kept = storable(ssd);
    const result = await this.#night(kept, today);
    return { audit: audit({ ssd: kept, today, ...result }), result };
  }

  /**
   * Two runs: over `first`, and over `second` with what DfE acknowledged of the first. Children for which the second run sends
   * nothing keep what they have.
   */
  async twoNights(
    first: Ssd,
    second: Ssd,
    today: string,
  ): Promise<{ readonly first: Audit; readonly second: Audit; readonly result: NightResult }> {
    const { audit: firstAudit, result: before } = await this.firstNight(first, today);
    const kept = storable(second);
    const result = await this.#night(kept, today);
    const sentNow = new Set(result.payloads.map(childOf));
    const payloads = [
      ...result.payloads,
      ...before.payloads.filter((payload) => !sentNow.has(childOf(payload))),
    ];
    return {
      first: firstAudit,
      second: audit({ ssd: kept, today, ...result, payloads, acknowledged: before.payloads }),
      result,
    };
  }

  async #night(ssd: Ssd, today: string): Promise<NightResult> {
    await loadAudited(this.#program.database, schema, ssd);
    return this.#program.night(schema, ssd.cms, today);
  }
}

function childOf(payload: unknown): string | undefined {
  return isRecord(payload) ? textIn(payload['la_child_id']) : undefined;
}
