/** By the names that Data to Insight's test table and the local stack give. */
export function isTableForTests(stagingTable: string): boolean {
  return /_(anon|local)$/i.test(stagingTable);
}
