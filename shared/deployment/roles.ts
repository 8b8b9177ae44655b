import { v5 } from 'uuid';
import { z } from 'zod';
import type { Deployment } from './resourceManager/deployments.js';
import { ResourceManagerError, type ResourceManager } from './resourceManager/resourceManager.js';

export const assignmentsApi = '2022-04-01';
/** The namespace of Bicep's `guid()`: an assignment made here is the one that a deployment would make. */
const bicepNamespace = '11fb06fb-712d-4ddd-98c7-e71bbd588830';

const wantedSchema = z.object({
  role: z.string(),
  roleId: z.guid(),
  principalId: z.guid(),
  principalType: z.enum(['ServicePrincipal', 'Group', 'User']),
  scope: z.string().startsWith('/'),
  /** Empty for none. */
  condition: z.string().default(''),
});

/** A role that the system needs, as the output `roles` of the deployment says it. */
export type WantedRole = z.output<typeof wantedSchema>;

/** `other condition`: it is assigned, and allows more or less than it should. */
type RoleState = 'assigned' | 'missing' | 'other condition' | 'not readable';

export interface FoundRole extends WantedRole {
  readonly state: RoleState;
}

const assignmentSchema = z.object({
  name: z.string(),
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    scope: z.string(),
    condition: z.string().nullish(),
  }),
});
type Assignment = z.output<typeof assignmentSchema>;

export function wantedRoles({ outputs }: Deployment): WantedRole[] {
  return z.array(wantedSchema).parse(outputs.get('roles') ?? []);
}

/** Those that the deployment has not assigned itself. */
export function rolesLeft(deployment: Deployment): WantedRole[] {
  const rows = z.array(z.looseObject({ assigned: z.boolean() })).parse(deployment.outputs.get('roles'));
  return z.array(wantedSchema).parse(rows.filter(({ assigned }) => !assigned));
}

/** Which of the roles are assigned, there or further up. @throws ResourceManagerError other than for lack of rights */
export async function findRoles(azure: ResourceManager, wanted: readonly WantedRole[]): Promise<FoundRole[]> {
  const found: FoundRole[] = [];
  for (const role of wanted) {
    try {
      const { here, above } = await assignmentsOf(azure, role);
      // A right from further up has no condition that could be corrected here.
      const isEnough = [...here, ...above].some(({ properties }) =>
        sameCondition(properties.condition, role.condition),
      );
      const state = isEnough
        ? 'assigned'
        : here.length > 0 || above.length > 0
          ? 'other condition'
          : 'missing';
      found.push({ ...role, state });
    } catch (error) {
      if (!(error instanceof ResourceManagerError) || error.status !== 403) throw error;
      found.push({ ...role, state: 'not readable' });
    }
  }
  return found;
}

/**
 * Assigns a role, or gives the assignment that is there its condition. One that is there is kept.
 * @param newName of an assignment that is made, a GUID
 * @throws ResourceManagerError 403 when you may not assign roles there
 */
export async function assignRole(
  azure: ResourceManager,
  role: WantedRole,
  description = '',
  newName = assignmentName(role),
): Promise<void> {
  const { here } = await assignmentsOf(azure, role);
  const [there] = here;
  if (there !== undefined && sameCondition(there.properties.condition, role.condition)) return;
  const name = there?.name ?? newName;
  try {
    await azure.put(
      `${role.scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      assignmentsApi,
      {
        properties: propertiesOf(role, description),
      },
    );
  } catch (error) {
    if (!(error instanceof ResourceManagerError) || error.code !== 'RoleAssignmentExists') throw error;
  }
}

/** The name that Bicep gives an assignment, a GUID. */
export function assignmentName({
  scope,
  principalId,
  roleId,
}: Pick<WantedRole, 'scope' | 'principalId' | 'roleId'>): string {
  return v5([scope, principalId, roleId].join('-'), bicepNamespace);
}

function propertiesOf(role: WantedRole, description: string): object {
  return {
    roleDefinitionId: definitionOf(role),
    principalId: role.principalId,
    principalType: role.principalType,
    ...(role.condition === '' ? {} : { condition: role.condition, conditionVersion: '2.0' }),
    ...(description === '' ? {} : { description }),
  };
}

function definitionOf({ scope, roleId }: WantedRole): string {
  const subscription = /^\/subscriptions\/[^/]+/.exec(scope)?.[0] ?? '';
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
}

/** Everything about the principal that Azure lists at a scope: what is there, further up, and below. */
async function assignmentsOf(
  azure: ResourceManager,
  { scope, principalId, roleId }: WantedRole,
): Promise<{ here: Assignment[]; above: Assignment[] }> {
  const listed = await azure.list(
    `${scope}/providers/Microsoft.Authorization/roleAssignments`,
    assignmentsApi,
    `principalId eq '${principalId}'`,
  );
  const all = listed
    .map((each) => assignmentSchema.parse(each))
    .filter(({ properties }) =>
      properties.roleDefinitionId.toLowerCase().endsWith(`/${roleId.toLowerCase()}`),
    )
    .filter(({ properties }) => properties.principalId.toLowerCase() === principalId.toLowerCase());
  const wanted = scope.toLowerCase();
  return {
    here: all.filter(({ properties }) => properties.scope.toLowerCase() === wanted),
    above: all.filter(({ properties }) => isAbove(properties.scope.toLowerCase(), wanted)),
  };
}

function isAbove(scope: string, wanted: string): boolean {
  return scope !== wanted && (scope === '/' || wanted.startsWith(`${scope}/`) || isManagementGroup(scope));
}

/** Azure lists only those that the scope is under. */
function isManagementGroup(scope: string): boolean {
  return scope.startsWith('/providers/microsoft.management/managementgroups/');
}

function sameCondition(there: string | null | undefined, wanted: string): boolean {
  return (there ?? '').replace(/\s+/g, '') === wanted.replace(/\s+/g, '');
}

/** Shells that a command is quoted for. zsh takes what bash takes. */
type Shell = 'bash' | 'powershell';

/** A command of the Azure CLI for people who have no copy of this project. */
export function commandFor(role: WantedRole, shell: Shell): string {
  const quoted = (text: string) => `'${text.replaceAll("'", shell === 'bash' ? `'\\''` : `''`)}'`;
  const condition =
    role.condition === '' ? [] : ['--condition-version', '2.0', '--condition', quoted(role.condition)];
  return [
    'az role assignment create --name',
    assignmentName(role),
    '--role',
    role.roleId,
    '--assignee-object-id',
    role.principalId,
    '--assignee-principal-type',
    role.principalType,
    '--scope',
    quoted(role.scope),
    ...condition,
  ].join(' ');
}

/** As the REST API of Azure takes them: where to PUT which body. */
export function requestsFor(roles: readonly WantedRole[]): object[] {
  return roles.map((role) => ({
    id: `${role.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(role)}`,
    role: role.role,
    properties: propertiesOf(role, ''),
  }));
}
