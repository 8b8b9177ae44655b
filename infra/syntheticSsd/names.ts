import type { Random } from './random.js';

interface Community {
  readonly share: number;
  readonly ethnicities: readonly string[];
  readonly nationality: string;
  readonly forenames: readonly string[];
  readonly surnames: readonly string[];
}

/**
 * Invented combinations of common names. They carry what a pipeline can damage: apostrophes of both shapes, hyphens,
 * accents as one character and as base letter plus combining mark (\u0308), and scripts other than Latin.
 */
const communities: readonly Community[] = [
  {
    share: 52,
    ethnicities: ['WBRI', 'WBRI', 'WBRI', 'MWBC', 'MWAS', 'NOBT'],
    nationality: 'GB',
    forenames: [
      ...['Amelia', 'Olivia', 'Isla', 'Freya', 'Poppy', 'Daisy', 'Evie', 'Rosie', 'Zoë', 'Chloe\u0301'],
      ...['Oliver', 'George', 'Arthur', 'Noah', 'Leo', 'Alfie', 'Jude', 'Toby', 'Mary-Jane', "D'Arcy"],
    ],
    surnames: [
      ...['Taylor', 'Smith', 'Brown', 'Walker', 'Wright', 'Green', 'Hall', 'Ashworth', 'Cooper', 'Barnes'],
      ...['Smith-Jones', 'Clarke', 'Fairweather', 'Hargreaves', 'Pemberton', 'St John', 'Winterbourne'],
    ],
  },
  {
    share: 8,
    ethnicities: ['WBRI'],
    nationality: 'GB',
    forenames: [
      'Siân',
      'Llŷr',
      'Gwenllian',
      'Angharad',
      'Rhŷs',
      'Ffion',
      'Dafydd',
      'Eirlys',
      'Tomos',
      'Mair',
    ],
    surnames: ['Llywelyn', 'ap Rhŷs', 'Gruffudd', 'Prydderch', 'Cadwaladr', 'Ŵyn', 'Morgan', 'Bevan'],
  },
  {
    share: 6,
    ethnicities: ['WIRI', 'WIRT'],
    nationality: 'IE',
    forenames: ['Aoife', 'Seán', 'Caoimhe', 'Pádraig', 'Róisín', 'Oisín', 'Niamh', 'Cian'],
    surnames: ["O'Brien", 'O’Sullivan', 'Ní Dhomhnaill', "O'Connor-Walsh", 'Mac Giolla', 'Doherty'],
  },
  {
    share: 7,
    ethnicities: ['WOTH'],
    nationality: 'PL',
    forenames: ['Łukasz', 'Żaneta', 'Zofia', 'Jakub', 'Małgorzata', 'Bartłomiej', 'Iga', 'Święta'],
    surnames: ['Wójcik', 'Zięba', 'Kowalczyk', 'Gołąb', 'Szczęsny', 'Dąbrowski', 'Łoś'],
  },
  {
    share: 5,
    ethnicities: ['OOTH', 'AOTH', 'REFU'],
    nationality: 'SY',
    forenames: ['فاطمة', 'محمد', 'عائشة', 'يوسف', 'Layla', 'Omar', "Mas'ud"],
    surnames: ['العلي', 'الحسن', 'حدّاد', 'Al-Khatib', 'Abd al-Rahman'],
  },
  {
    share: 8,
    ethnicities: ['APKN', 'ABAN', 'AIND'],
    nationality: 'GB',
    forenames: ['Ayaan', 'Zara', 'Inaaya', 'Muhammad Ali', 'Aisha', 'Arjun', 'Priya', 'Simran'],
    surnames: ['Khan', 'Begum', 'Hussain', 'Patel', 'Singh', 'Chowdhury', 'Ul-Haq'],
  },
  {
    share: 7,
    ethnicities: ['BAFR', 'BCRB', 'MWBA', 'BOTH'],
    nationality: 'GB',
    forenames: ['Ifeoma', 'Kwame', 'Olúwaṣeun', 'Tèmítọ́pẹ́', 'Amara', 'Kofi', 'Shanice', "N'Golo"],
    surnames: ['Okafor', "N'Diaye", 'Adébáyọ̀', 'Mensah', 'Campbell', 'Osei-Bonsu'],
  },
  {
    share: 3,
    ethnicities: ['WROM', 'WOTH'],
    nationality: 'RO',
    forenames: ['Ștefan', 'Ioana', 'Mădălina', 'Ionuț', 'Crina'],
    surnames: ['Țepeș', 'Brânză', 'Lăcătuș', 'Ionescu'],
  },
  {
    share: 2,
    ethnicities: ['CHNE', 'AOTH', 'MOTH'],
    nationality: 'VN',
    forenames: ['Nguye\u0302\u0303n', 'Thị Hồng', '小明', 'Mei Ling', 'Đức'],
    surnames: ['Trần', 'Pha\u0323m', '王', 'Chan', 'Lý'],
  },
  {
    share: 2,
    ethnicities: ['WOTH', 'REFU'],
    nationality: 'UA',
    forenames: ['Олена', 'Дмитро', "Мар'яна", 'Bohdan', 'Їжак'],
    surnames: ['Шевченко', "Дем'янюк", 'Kovalenko', 'Ґалаґан'],
  },
];

/** What a family has in common. */
export interface FamilyNames {
  readonly surname: string;
  readonly nationality: string;
  readonly forenames: readonly string[];
  readonly ethnicities: readonly string[];
}

/** The longest surname that the DfE takes; one family in 400 has it. */
export const longestSurname = 128;

/** The longest forename that the SSD takes (`pers_forename`); one child in 400 has it. */
export const longestForename = 100;

export function familyNames(random: Random): FamilyNames {
  const community = random.weighted(communities.map((each): [Community, number] => [each, each.share]));
  const surname = random.chance(0.0025)
    ? lengthened(random, community.surnames, longestSurname)
    : random.pick(community.surnames);
  return { ...community, surname };
}

export function forename(random: Random, family: FamilyNames): string {
  if (random.chance(0.0025)) return lengthened(random, family.forenames, longestForename);
  return random.pick(family.forenames);
}

/** A name of exactly `length` UTF-16 units, which is how both engines count it: names joined, then padded out. */
function lengthened(random: Random, names: readonly string[], length: number): string {
  let name = random.pick(names);
  for (;;) {
    const longer = `${name}-${random.pick(names)}`;
    if (longer.length > length) return name + 'e'.repeat(length - name.length);
    name = longer;
  }
}
