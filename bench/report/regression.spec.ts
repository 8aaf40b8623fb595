import { keptRows, missingRows, worseRows } from './regression.js';
import type { Row } from './row.js';

const kept = [
  { id: 'more', value: 3, isMoreBetter: true },
  { id: 'less', value: 0.5, isMoreBetter: false },
];

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

describe('a comparison with the ratios that are kept', () => {
  it('lets pass what is as good, better, or worse by less than a third', () => {
    expect(
      worseRows(kept, [
        { id: 'more', value: 3 },
        { id: 'less', value: 0.5 },
      ]),
    ).toEqual([]);
    expect(
      worseRows(kept, [
        { id: 'more', value: 9 },
        { id: 'less', value: 0.1 },
      ]),
    ).toEqual([]);
    expect(
      worseRows(kept, [
        { id: 'more', value: 2.01 },
        { id: 'less', value: 0.74 },
      ]),
    ).toEqual([]);
  });

  it('names what is worse by more than a third, in the direction that is worse for it', () => {
    const rows = [
      { id: 'more', value: 1.99 },
      { id: 'less', value: 0.76 },
    ];
    expect(idsOf(worseRows(kept, rows))).toEqual(['more', 'less']);
  });

  it('does not judge what was left out, or what was not kept', () => {
    expect(worseRows(kept, [{ id: 'other', value: 1000 }])).toEqual([]);
  });

  it('names what was kept and not measured, unless somebody has said why', () => {
    expect(idsOf(missingRows(kept, [{ id: 'more' }], []))).toEqual(['less']);
    expect(missingRows(kept, [{ id: 'more' }], ['less: MariaDB does not answer'])).toEqual([]);
  });

  it('takes what is no number for worse', () => {
    expect(idsOf(worseRows(kept, [{ id: 'more', value: NaN }]))).toEqual(['more']);
  });

  it('keeps only what is steady', () => {
    const row = (id: string, isSteady: boolean) =>
      ({ id, isSteady, value: 1.23456, isMoreBetter: true }) as Row;
    expect(keptRows([row('a', true), row('b', false)])).toEqual([
      { id: 'a', value: 1.23, isMoreBetter: true },
    ]);
  });
});
