/** Sets app settings as environment variables; the returned function puts back what was there, once. */
export function putInEnvironment(settings: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(settings).map((name) => ({ name, value: process.env[name] }));
  Object.assign(process.env, settings);
  return () => {
    for (const { name, value } of before.splice(0)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
