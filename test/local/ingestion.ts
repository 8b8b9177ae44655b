import { once } from 'node:events';
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** One item as the SDK sends it: an event, a dependency, a trace, a metric. */
const itemSchema = z.object({
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  data: z.object({
    baseType: z.string(),
    baseData: z.object({
      name: z.string().optional(),
      data: z.string().optional(),
      properties: z.record(z.string(), z.string()).optional(),
      measurements: z.record(z.string(), z.number()).optional(),
    }),
  }),
});
export type Item = z.output<typeof itemSchema>;

/** A stand-in for the endpoint of Application Insights: keeps everything that it is sent. */
export interface Ingestion {
  readonly connectionString: string;
  /** Whole requests, as text. */
  readonly bodies: readonly string[];
  items(): Item[];
  events(name?: string): Item[];
  /** What it answers from now on; 200 at first. */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function startIngestion(): Promise<Ingestion> {
  const bodies: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const isZipped = request.headers['content-encoding'] === 'gzip';
      const text = (isZipped ? gunzipSync(body) : body).toString('utf8');
      bodies.push(`${request.method ?? ''} ${request.url ?? ''}\n${text}`);
      const count = status === 200 ? itemsOf(text).length : 0;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ itemsReceived: count, itemsAccepted: count, errors: [] }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const items = () => bodies.flatMap((body) => itemsOf(body.slice(body.indexOf('\n') + 1)));
  return {
    // A key of its own: what the SDK keeps on the disk for later is of no other test.
    connectionString: `InstrumentationKey=${randomUUID()};IngestionEndpoint=http://127.0.0.1:${port}/`,
    bodies,
    items,
    events: (name) =>
      items().filter(
        ({ data }) => data.baseType === 'EventData' && (name === undefined || data.baseData.name === name),
      ),
    answer: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A list, or an item a line. */
function itemsOf(text: string): Item[] {
  if (text.startsWith('[')) return z.array(itemSchema).parse(JSON.parse(text));
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => itemSchema.parse(JSON.parse(line)));
}
