import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from './engines.js';

/** Text that a careless encoding, quotation or comparison would change. */
const awkwardTexts = [
  "O'Brien-O''Neill",
  "'; DROP TABLE words; --",
  '"quoted" \\ back\\slash \\n',
  '@given $1 ? %s {0} [brackets]',
  'Llŷr Gwyddno Ŵyn',
  'Świętosława Żółć',
  'Ștefan Țîrlea',
  'محمد عبد الله',
  'שלום',
  '王小明',
  '👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿',
  'Zoe\u0308 (combining)',
  'Zo\u00eb (composed)',
  ' blanks on both sides ',
  'line\r\nand\ttab\u2028',
  '',
] as const;

for (const engine of testEngines) {
  describe(`the database (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let words: string;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      words = `${made.schema}.words`;
      const { integer, text } = typesOf(database.engine);
      await database.query(`CREATE TABLE ${words} (id ${integer} NOT NULL PRIMARY KEY, word ${text})`);
    });
    after(() => made.remove());

    async function countWords(): Promise<number> {
      const [row] = await database.query(`SELECT COUNT(*) AS found FROM ${words}`);
      return Number(row?.['found']);
    }

    describe('takes parameters by name', () => {
      it('of every kind, including one that is in the statement twice', async () => {
        const { text, integer, flag } = typesOf(database.engine);
        const rows = await database.query(
          `SELECT CAST(@word AS ${text}) AS first_word, CAST(@count AS ${integer}) AS counted,
             CAST(@yes AS ${flag}) AS yes, CAST(@no AS ${flag}) AS no_flag,
             CAST(@nothing AS ${integer}) AS nothing, CAST(@word AS ${text}) AS second_word`,
          { word: 'ŵ', count: -7, yes: true, no: false, nothing: null },
        );
        assert.deepEqual(rows, [
          { first_word: 'ŵ', counted: -7, yes: true, no_flag: false, nothing: null, second_word: 'ŵ' },
        ]);
      });

      it('whose names begin with the same letters, and some that the statement does not use', async () => {
        const { text } = typesOf(database.engine);
        const rows = await database.query(
          `SELECT CAST(@id AS ${text}) AS one, CAST(@idOfRow AS ${text}) AS other`,
          { id: 'a', idOfRow: 'b', unused: 'c' },
        );
        assert.deepEqual(rows, [{ one: 'a', other: 'b' }]);
      });

      it('with numbers of any size, and keeps fractions', async () => {
        const { number } = typesOf(database.engine);
        for (const value of [0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, Number.MAX_SAFE_INTEGER, 0.5, -12.25]) {
          const [row] = await database.query(`SELECT CAST(@value AS ${number}) AS value`, { value });
          assert.equal(row?.['value'], value);
        }
      });

      it('with text of every script, byte for byte', async () => {
        for (const [id, word] of awkwardTexts.entries()) {
          await database.query(`INSERT INTO ${words} (id, word) VALUES (@id, @word)`, { id, word });
        }
        const rows = await database.query(`SELECT word FROM ${words} ORDER BY id`);
        assert.deepEqual(
          rows.map((row) => Buffer.from(String(row['word']), 'utf8').toString('hex')),
          awkwardTexts.map((word) => Buffer.from(word, 'utf8').toString('hex')),
        );
        await database.query(`DELETE FROM ${words}`);
      });

      it('with texts of 4,000 and 4,001 characters and of 200 KB, without cutting them off', async () => {
        const pattern = "Zoë O'Brien 🙂 ";
        const texts = [4000, 4001, 200 * 1024].map((size) =>
          pattern.repeat(Math.floor(size / pattern.length)).padEnd(size, 'x'),
        );
        for (const [id, word] of texts.entries()) {
          await database.query(`INSERT INTO ${words} (id, word) VALUES (@id, @word)`, { id, word });
        }
        const rows = await database.query(`SELECT word FROM ${words} ORDER BY id`);
        assert.deepEqual(
          rows.map((row) => row['word']),
          texts,
        );
        await database.query(`DELETE FROM ${words}`);
      });

      it('and says which one has no value', async () => {
        await assert.rejects(
          database.query('SELECT @given AS one, @absent AS other', { given: 1 }),
          /@absent/,
        );
        await assert.rejects(database.queryTogether({ rows: 'SELECT @absent AS one' }), /@absent/);
        await assert.rejects(
          database.transaction((transaction) => transaction.query('SELECT @absent AS one')),
          /@absent/,
        );
      });
    });

    describe('runs several SELECTs together', () => {
      it('and gives the rows of each under its name, even when there are none', async () => {
        const { integer } = typesOf(database.engine);
        await database.query(`INSERT INTO ${words} (id, word) VALUES (1, 'one'), (2, 'two'), (3, 'three')`);
        const rows = await database.queryTogether(
          {
            upToTwo: `SELECT id, word FROM ${words} WHERE id <= @upTo`,
            none: `SELECT id FROM ${words} WHERE id > 100`,
            constant: `SELECT CAST(@upTo AS ${integer}) AS up_to`,
            noneEither: `SELECT word FROM ${words} WHERE id < @after`,
            last: `SELECT word FROM ${words} WHERE id > @upTo AND id > @after`,
          },
          { upTo: 2, after: 0 },
        );
        assert.deepEqual(Object.keys(rows).sort(), ['constant', 'last', 'none', 'noneEither', 'upToTwo']);
        const upToTwo = rows.upToTwo.toSorted((a, b) => Number(a['id']) - Number(b['id']));
        assert.deepEqual(upToTwo, [
          { id: 1, word: 'one' },
          { id: 2, word: 'two' },
        ]);
        assert.deepEqual(rows.none, []);
        assert.deepEqual(rows.constant, [{ up_to: 2 }]);
        assert.deepEqual(rows.noneEither, []);
        assert.deepEqual(rows.last, [{ word: 'three' }]);
        await database.query(`DELETE FROM ${words}`);
      });

      it('and rejects when one of them fails', async () => {
        await assert.rejects(
          database.queryTogether({ good: `SELECT id FROM ${words}`, bad: `SELECT id FROM ${words}_absent` }),
          /does not exist, or the login may not see it/,
        );
        assert.equal(await countWords(), 0);
      });

      it('and keeps text of every script', async () => {
        const { text } = typesOf(database.engine);
        const rows = await database.queryTogether(
          {
            words: awkwardTexts.map((_, at) => `SELECT CAST(@w${at} AS ${text}) AS word`).join(' UNION ALL '),
          },
          Object.fromEntries(awkwardTexts.map((word, at) => [`w${at}`, word])),
        );
        assert.deepEqual(rows.words.map((row) => row['word']).toSorted(), awkwardTexts.toSorted());
      });
    });

    describe('in a transaction', () => {
      it('sees what it has written, keeps it, and returns the result of the work', async () => {
        const seen = await database.transaction(async (transaction) => {
          await transaction.query(`INSERT INTO ${words} (id, word) VALUES (@id, @word)`, {
            id: 1,
            word: 'a',
          });
          await transaction.query(`INSERT INTO ${words} (id, word) VALUES (@id, @word)`, {
            id: 2,
            word: 'b',
          });
          return await transaction.query(`SELECT word FROM ${words} WHERE id = @id`, { id: 2 });
        });
        assert.deepEqual(seen, [{ word: 'b' }]);
        assert.equal(await countWords(), 2);
        await database.query(`DELETE FROM ${words}`);
      });

      it('undoes all of it when the work rejects, and passes on the error of the work', async () => {
        const itsError = new Error('the work gave up');
        await assert.rejects(
          database.transaction(async (transaction) => {
            await transaction.query(`INSERT INTO ${words} (id, word) VALUES (1, 'a')`);
            await transaction.query(`INSERT INTO ${words} (id, word) VALUES (2, 'b')`);
            throw itsError;
          }),
          (error) => error === itsError,
        );
        assert.equal(await countWords(), 0);
      });

      it('undoes all of it when a statement fails, and then runs the next one', async () => {
        await assert.rejects(
          database.transaction(async (transaction) => {
            await transaction.query(`INSERT INTO ${words} (id, word) VALUES (1, 'a')`);
            await transaction.query(`INSERT INTO ${words} (id, word) VALUES (1, 'again')`);
          }),
        );
        assert.equal(await countWords(), 0);
        await database.transaction((transaction) =>
          transaction.query(`INSERT INTO ${words} (id, word) VALUES (1, 'a')`),
        );
        assert.equal(await countWords(), 1);
        await database.query(`DELETE FROM ${words}`);
      });
    });

    describe('has errors that quote no value', () => {
      const secret = 'Ffion-Secret-Name';

      function quotesNothing(error: unknown): true {
        assert.ok(error instanceof Error);
        assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /Ffion/);
        return true;
      }

      it('when text is too long for its column', async () => {
        const table = `${made.schema}.short_words`;
        await database.query(`CREATE TABLE ${table} (word varchar(5))`);
        await assert.rejects(
          database.query(`INSERT INTO ${table} (word) VALUES (@secret)`, { secret }),
          quotesNothing,
        );
      });

      it('when a key is there twice', async () => {
        const table = `${made.schema}.unique_words`;
        await database.query(`CREATE TABLE ${table} (word varchar(50) NOT NULL PRIMARY KEY)`);
        const insert = () => database.query(`INSERT INTO ${table} (word) VALUES (@secret)`, { secret });
        await insert();
        await assert.rejects(insert(), quotesNothing);
      });

      it('when text is not a number or date', async () => {
        for (const type of ['int', 'date']) {
          await assert.rejects(
            database.query(`SELECT CAST(CAST(@secret AS varchar(50)) AS ${type}) AS x`, { secret }),
            quotesNothing,
          );
        }
      });
    });

    it('answers nothing after it is closed', async () => {
      const another = await openDatabase(engine.connectionString);
      assert.deepEqual(await another.query('SELECT 1 AS one'), [{ one: 1 }]);
      await another.close();
      await assert.rejects(another.query('SELECT 1 AS one'));
      await assert.rejects(another.queryTogether({ one: 'SELECT 1 AS one' }));
      await assert.rejects(another.transaction((transaction) => transaction.query('SELECT 1 AS one')));
    });
  });
}
