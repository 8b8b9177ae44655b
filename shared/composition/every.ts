/** Does something again and again until the answer is called; what fails is done again the next time. */
export function every(ms: number, act: () => Promise<unknown>): () => void {
  const timer = setInterval(() => {
    act().catch(() => undefined);
  }, ms);
  return () => {
    clearInterval(timer);
  };
}
