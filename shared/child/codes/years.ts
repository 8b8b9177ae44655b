import year2025to26 from './2025-26.json';
import year2026to27 from './2026-27.json';

/** The code list files, one a collection year. Nothing outside this folder names a year. */
export const codeListFiles: readonly unknown[] = [year2025to26, year2026to27];
