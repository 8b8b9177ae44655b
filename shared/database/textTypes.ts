/** Whether texts of the type are Unicode rather than in a code page. @param type of SQL Server, in lower case */
export function isUnicodeType(type: string): boolean {
  return type === 'nvarchar' || type === 'nchar';
}
