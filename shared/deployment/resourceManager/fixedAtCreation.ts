import { z } from 'zod';
import type { ResourceManager } from './resourceManager.js';

/** One resource that a deployment would ask for, as `bicep snapshot` predicts it. */
const wantedSchema = z.looseObject({ id: z.string(), type: z.string(), name: z.string() });

/** A property that Azure accepts only when it makes a resource: its path, its value where none is set, and what to do. */
interface Fixed {
  readonly path: string;
  readonly absent: unknown;
  readonly advice: string;
}

const asVersion01Made = 'If version 0.1 made it, the parameter file says `param deployedByVersion01 = true`.';
const migration = 'infra/README.md, "What holds from the creation on", has the way to a new one.';
const encryption = 'properties.encryption';

const fixed: Readonly<Record<string, { readonly api: string; readonly properties: readonly Fixed[] }>> = {
  'Microsoft.Storage/storageAccounts': {
    api: '2025-06-01',
    properties: [
      {
        path: `${encryption}.requireInfrastructureEncryption`,
        absent: false,
        advice: `${asVersion01Made} ${migration}`,
      },
      ...['queue', 'table'].map((service) => ({
        path: `${encryption}.services.${service}.keyType`,
        absent: 'Service',
        advice: `${asVersion01Made} ${migration}`,
      })),
    ],
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': {
    api: '2025-06-01',
    properties: [
      {
        path: 'properties.immutableStorageWithVersioning.enabled',
        absent: false,
        advice: `Put immutabilityDays back: from 0 to more, or back to 0, needs a new storage account. ${migration}`,
      },
    ],
  },
  'Microsoft.Sql/servers/databases': {
    api: '2025-01-01',
    properties: [
      {
        path: 'properties.collation',
        absent: undefined,
        advice: `${asVersion01Made} Otherwise put sqlCollation back. ${migration}`,
      },
    ],
  },
};

/**
 * What a deployment would change although Azure takes it only at the creation of a resource: it would fail half way,
 * or report success and change nothing.
 * @param wanted the predicted resources of a parameter file
 * @returns a sentence for each; empty when the deployment can continue, as before the first one
 * @throws ResourceManagerError
 */
export async function changesOfWhatIsFixed(
  azure: Pick<ResourceManager, 'get'>,
  wanted: readonly unknown[],
): Promise<string[]> {
  const found: string[] = [];
  for (const resource of wanted.map((each) => wantedSchema.parse(each))) {
    const { api, properties } = fixed[resource.type] ?? { api: '', properties: [] };
    const asked = properties.filter(({ path }) => (at(resource, path) ?? undefined) !== undefined);
    if (asked.length === 0) continue;
    const deployed = await azure.get(resource.id, api);
    if (deployed === undefined) continue;
    for (const { path, absent, advice } of asked) {
      const [is, wanted] = [at(deployed, path) ?? absent, at(resource, path)];
      if (is === wanted || is === undefined) continue;
      found.push(
        `${resource.name}: ${path.replace('properties.', '')} is ${JSON.stringify(is)}, and ${JSON.stringify(wanted)} is asked for. Azure accepts this only when it makes the resource. ${advice}`,
      );
    }
  }
  return found;
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((inner, key) => z.record(z.string(), z.unknown()).safeParse(inner).data?.[key], value);
}
