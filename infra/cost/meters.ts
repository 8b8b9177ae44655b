/** Quantities for the smallest, the median and the largest authority; docs/cost.md explains them. */
export type BySize = readonly [smallest: number, median: number, largest: number];

/** One thing that Azure charges for. */
export interface Meter {
  readonly what: string;
  /** An OData filter of the retail price list, without region and price type. */
  readonly filter: string;
  /** In the smallest unit of the meter: hours, executions, gigabytes, operations. */
  readonly monthly: (countOf: (type: string) => number) => BySize;
  /** Listed by Azure without a region. */
  readonly isGlobal?: boolean;
}

/** As Azure counts a month of what is there all day. */
const hours = 730;

function always(quantity: number): BySize {
  return [quantity, quantity, quantity];
}

export const meters: readonly Meter[] = [
  {
    what: 'private endpoints, hours',
    filter: "serviceName eq 'Virtual Network' and meterName eq 'Standard Private Endpoint'",
    monthly: (countOf) => always(countOf('Microsoft.Network/privateEndpoints') * hours),
    isGlobal: true,
  },
  {
    what: 'NAT gateway, hours',
    filter: "serviceName eq 'NAT Gateway' and contains(meterName, 'Gateway')",
    monthly: (countOf) => always(countOf('Microsoft.Network/natGateways') * hours),
  },
  {
    what: 'public address, hours',
    filter: "serviceName eq 'Virtual Network' and meterName eq 'Standard IPv4 Static Public IP'",
    monthly: (countOf) => always(countOf('Microsoft.Network/publicIPAddresses') * hours),
  },
  {
    what: 'private DNS zones',
    filter: "serviceName eq 'Azure DNS' and meterName eq 'Private Zone'",
    monthly: (countOf) => always(countOf('Microsoft.Network/privateDnsZones')),
    isGlobal: true,
  },
  {
    what: 'alert rules on logs',
    filter: "serviceName eq 'Azure Monitor' and contains(meterName, 'Log Monitored')",
    monthly: (countOf) => always(countOf('Microsoft.Insights/scheduledQueryRules')),
  },
  {
    what: 'Flex Consumption, executions',
    filter:
      "serviceName eq 'Functions' and contains(productName, 'Flex') and contains(meterName, 'Executions')",
    monthly: () => [8_730, 8_760, 8_970],
  },
  {
    what: 'Flex Consumption, GB-s',
    filter:
      "serviceName eq 'Functions' and contains(productName, 'Flex') and contains(meterName, 'Execution Time')",
    monthly: () => [19_740, 41_400, 169_020],
  },
  {
    what: 'Log Analytics, GB',
    filter: "serviceName eq 'Log Analytics' and contains(meterName, 'Data Ingestion')",
    monthly: () => always(1),
  },
  {
    what: 'results storage, GB kept',
    filter:
      "serviceName eq 'Storage' and productName eq 'General Block Blob v2' and contains(meterName, 'Hot LRS Data Stored')",
    monthly: () => [0.1, 0.5, 3],
  },
  {
    what: 'Key Vault, operations',
    filter: "serviceName eq 'Key Vault' and meterName eq 'Operations'",
    monthly: () => always(1_000),
  },
  {
    what: 'Azure SQL made here, vCore-hours',
    filter:
      "serviceName eq 'SQL Database' and contains(productName, 'General Purpose - Serverless') and meterName eq 'vCore'",
    monthly: (countOf) => (countOf('Microsoft.Sql/servers/databases') === 0 ? always(0) : [30, 33, 51]),
  },
];
