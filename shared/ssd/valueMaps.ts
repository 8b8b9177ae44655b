import { isCodedField, isSendableCode, newestCodeLists, type CodedField } from '../child/codes/codeLists.js';
import { codeIn } from '../child/codes/codeReader.js';
import { nationalDescriptions } from '../child/codes/descriptions.js';
import { normalised, type ValueMaps } from '../child/codes/localValues.js';
import { errorOf, type ProfileFile } from './profileFile.js';

type MutableMaps = Partial<Record<CodedField, Map<string, string>>>;

/** The value maps of all layers over the national descriptions; each layer's entries are checked by themselves. */
export function valueMapsOf(
  layers: readonly ProfileFile[],
  name: string,
): { readonly valueMaps: ValueMaps; readonly descriptions: ValueMaps } {
  const valueMaps: MutableMaps = {};
  const descriptions: MutableMaps = {};
  const problems: string[] = [];
  const add = (field: CodedField, key: string, code: string) => {
    for (const maps of [valueMaps, descriptions]) (maps[field] ??= new Map<string, string>()).set(key, code);
  };
  for (const { field, text, code } of nationalDescriptions) add(field, normalised(text), code);
  for (const layer of layers) {
    for (const [field, values] of Object.entries(layer.valueMaps ?? {})) {
      if (!isCodedField(field)) continue;
      const ofLayer = new Map<string, string | null>();
      for (const [local, code] of Object.entries(values)) {
        const key = normalised(local);
        const problem = problemOfEntry(
          field,
          local,
          code,
          ofLayer.get(key),
          valueMaps[field]?.has(key) ?? false,
        );
        if (problem !== undefined) problems.push(`valueMaps.${field}: ${problem}`);
        ofLayer.set(key, code);
        if (code === null) valueMaps[field]?.delete(key);
        else add(field, key, code);
      }
    }
  }
  if (problems.length > 0) throw errorOf(name, problems);
  return { valueMaps, descriptions };
}

/**
 * What is wrong with an entry of a value map.
 * @param before what an entry of the same file with the same value, differently written, says
 */
function problemOfEntry(
  field: CodedField,
  local: string,
  code: string | null,
  before: string | null | undefined,
  isKnown: boolean,
): string | undefined {
  if (normalised(local) === '') return `"${local}" has no letter or digit to compare`;
  if (codeIn(newestCodeLists, field, local) !== undefined) {
    return `"${local}" is a national code itself and is always read as that, so that this entry has no effect: remove it`;
  }
  if (before !== undefined && before !== code) {
    return `"${local}" is there twice, differently written, once for ${before ?? 'null'} and once for ${code ?? 'null'}: keep one`;
  }
  if (code === null) {
    return isKnown || before === null
      ? undefined
      : `"${local}" is null, and no profile below knows it, so that this entry has no effect: remove it`;
  }
  return isSendableCode(newestCodeLists, field, code) ? undefined : `${code} is not a national code`;
}
