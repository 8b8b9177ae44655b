/** What makes `fetch` send a body in chunks, without saying how long it is. */
export function chunkedBody(text: string): RequestInit {
  // The types do not know that a stream needs it.
  const options = { body: new Blob([text]).stream(), duplex: 'half' };
  return options;
}
