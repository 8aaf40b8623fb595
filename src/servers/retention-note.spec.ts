import { retentionNote } from './retention-note.js';

const HOUR_MS = 3_600_000;

describe('what an answer says of how long tasks are kept', () => {
  it.each([
    [1, ' Tasks are kept for at least 1 hour after they have ended.'],
    [36, ' Tasks are kept for at least 36 hours after they have ended.'],
    [24, ' Tasks are kept for at least 1 day after they have ended.'],
    [720, ' Tasks are kept for at least 30 days after they have ended.'],
  ])('%s hours', (hours, text) => {
    expect(retentionNote(hours * HOUR_MS)).toBe(text);
  });

  it('nothing where they are kept for ever', () => {
    expect(retentionNote(null)).toBe('');
  });
});
