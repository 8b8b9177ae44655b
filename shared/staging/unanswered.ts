/**
 * What `unanswered_json_payload` holds: the submissions of a child that were sent and never answered, one JSON text a
 * line, the oldest first. All of them are kept, since a later one does not name all that an earlier one does: the purge
 * of an episode does not name what stands under it.
 */
export function submissionsIn(text: string | undefined): string[] {
  if (text === undefined) return [];
  // Data to Insight's scripts may have written a text of several lines.
  return isJson(text) ? [text] : text.split('\n').filter((line) => line !== '');
}

/** The text with one more submission; one that it holds already is not added. */
export function withSubmission(text: string | undefined, submission: string): string {
  const lines = submissionsIn(text).map(asOneLine);
  return (lines.includes(submission) ? lines : [...lines, submission]).join('\n');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A text that is no JSON names nothing, whatever its form. */
function asOneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
