/** Whether a person only asks what a command does: it prints its usage, does nothing and ends with 0. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}
