import { AsyncLocalStorage } from 'node:async_hooks';
import { relative } from 'node:path';
import { mock } from 'node:test';
import {
  Bit,
  ConnectionPool,
  Float,
  Int,
  MAX,
  NVarChar,
  Request,
  Transaction,
  VarChar,
  type IRequestParameters,
} from 'mssql';
import type { Database, Parameters, Queryable, Row } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { projectRoot } from '../local/migrations.js';

/** One batch as the driver gives it to the server, with the types of its parameters. */
export interface RecordedBatch {
  /** What was played and the place in the code that asked: `mosaic: shared/ssd/ssdReader.ts:219`. */
  readonly name: string;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answers one statement, without the settings that go before each batch. */
export type Answer = (sql: string, parameters: Parameters) => Promise<readonly Row[]>;

interface Asked {
  readonly label: string;
  readonly place: string;
  readonly answer: Answer;
  readonly parameters: Parameters;
}

/**
 * The app's own SQL Server, its driver played: keeps every batch that is sent, and from where. The batches are what a
 * server would get, the types of parameters included.
 */
export class Recorder {
  readonly #batches = new Map<string, RecordedBatch>();
  readonly #asked = new AsyncLocalStorage<Asked>();
  /** `shared/ssd/ssdReader.ts:219` of each place that has asked. */
  readonly places = new Set<string>();

  constructor() {
    mock.method(ConnectionPool.prototype, 'connect', () => Promise.resolve());
    for (const step of ['begin', 'commit', 'rollback'] as const) {
      mock.method(Transaction.prototype, step, () => Promise.resolve());
    }
    const record = (request: Request, sql: string) => this.#record(request, sql);
    mock.method(Request.prototype, 'query', function (this: Request, sql: string) {
      return record(this, sql);
    });
  }

  /** Each batch once, in the order in which they came. */
  get batches(): readonly RecordedBatch[] {
    return [...this.#batches.values()];
  }

  /** @param label says what is played */
  async server(label: string, answer: Answer): Promise<Database> {
    const database = await openDatabase('Server=db.example');
    const from = <T>(parameters: Parameters = {}, ask: () => T): T => {
      const place = placeInCode();
      this.places.add(place);
      return this.#asked.run({ label, place, answer, parameters }, ask);
    };
    const asking = (queryable: Queryable): Queryable => ({
      query: (sql, parameters) => from(parameters, () => queryable.query(sql, parameters)),
    });
    return {
      engine: database.engine,
      ...asking(database),
      queryTogether: (selects, parameters) =>
        from(parameters, () => database.queryTogether(selects, parameters)),
      transaction: (work) => database.transaction((transaction) => work(asking(transaction))),
      close: () => database.close(),
    };
  }

  close(): void {
    mock.restoreAll();
  }

  async #record(request: Request, sql: string): Promise<{ recordsets: (readonly Row[])[] }> {
    const asked = this.#asked.getStore();
    if (asked === undefined) throw new Error(`a statement that was not asked for: ${sql}`);
    const parameters = declared(request.parameters);
    const key = `${sql}\n${JSON.stringify(parameters)}`;
    const name = `${asked.label}: ${asked.place}`;
    if (!this.#batches.has(key)) this.#batches.set(key, { name, sql, parameters });
    const [, ...lines] = sql.split('\n');
    const recordsets = [];
    for (const statement of lines.join('\n').split(';\n\n')) {
      recordsets.push(await asked.answer(statement, asked.parameters));
    }
    return { recordsets };
  }
}

const typeNames = new Map<unknown, string>([
  [Bit, 'bit'],
  [Float, 'float'],
  [Int, 'int'],
  [NVarChar, 'nvarchar'],
  [VarChar, 'varchar'],
]);

function declared(parameters: IRequestParameters): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(parameters).map(({ name, type, length }) => {
      const typeName = typeNames.get(type);
      if (typeName === undefined) throw new Error(`the parameter ${name} has a type that is not known here`);
      const size = typeName.endsWith('varchar') ? `(${length === MAX ? 'max' : String(length)})` : '';
      return [name, `${typeName}${size}`];
    }),
  );
}

/** Of the call of the database, which is the nearest place outside this file. */
function placeInCode(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((line) => !line.includes(__filename) && !line.includes('/test/sql/recorder.'));
  const [, file, line] = /\(?([^\s(]+):(\d+):\d+\)?$/.exec(frame ?? '') ?? [];
  if (file === undefined || line === undefined) throw new Error('no place in the code has asked');
  return `${relative(projectRoot, file.replace(/^file:\/\//, '')).replaceAll('\\', '/')}:${line}`;
}
