import { appVersion } from '../composition/appVersion.js';
import { hostVersion } from '../composition/hostVersion.js';
import { londonDate } from '../child/dates.js';
import { supportBundle, type SupportParts } from '../support/supportBundle.js';

/** A file as the answer of a call. */
export interface JsonFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The support bundle as a file, named by the authority and the date. @param mayCheckAll see `Surroundings` */
export async function supportFile(partsOf: () => SupportParts, mayCheckAll: boolean): Promise<JsonFile> {
  const host = hostVersion();
  const bundle = await supportBundle(partsOf, {
    environment: process.env,
    versions: {
      app: appVersion(),
      node: process.version,
      ...(host === undefined ? {} : { functionsHost: host }),
    },
    now: () => new Date(),
    mayCheckAll,
  });
  const name = ['support-bundle', bundle.laCode, londonDate(new Date(bundle.madeAt))];
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${name.filter((each) => each !== undefined).join('-')}.json"`,
    },
    body: `${JSON.stringify(bundle, undefined, 2)}\n`,
  };
}
