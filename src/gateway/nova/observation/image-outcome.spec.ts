import type { NovaQueries } from '../reader/nova-queries.js';
import { type ImageEvidence, imageVerdict } from './image-outcome.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

const GIVEN_UP = failure('It was given up.');

/** How a snapshot has ended whose image has a status in Nova. */
function verdict(byEvents: Verdict, status: string | null, more: Partial<ImageEvidence> = {}) {
  const queries = { imageStatus: () => Promise.resolve(status) } as unknown as NovaQueries;
  const evidence = {
    imageId: 'i',
    isIdle: true,
    silenceMs: 0,
    hasFailed: false,
    maxMicroversion: 93,
    ...more,
  };
  return imageVerdict(byEvents, evidence, { queries });
}

describe('how a snapshot has ended', () => {
  it('well when its event has, though the image is still being stored', async () => {
    expect(await verdict(SUCCESS, 'SAVING')).toEqual(SUCCESS);
  });

  it.each([null, 'DELETED', 'ERROR'])(
    'badly when its event ended well and the image is %s',
    async (status) => {
      expect((await verdict(SUCCESS, status)).is).toBe('failure');
    },
  );

  it('well when its event was never finished, and the image is there', async () => {
    expect(await verdict(GIVEN_UP, 'ACTIVE')).toEqual(SUCCESS);
    expect(await verdict(GIVEN_UP, 'SAVING')).toEqual(GIVEN_UP);
  });

  it('badly when a step failed, whatever became of the image', async () => {
    expect(await verdict(GIVEN_UP, 'ACTIVE', { hasFailed: true })).toEqual(GIVEN_UP);
  });

  it('as its event says when it is not known which image it is', async () => {
    expect(await verdict(SUCCESS, null, { imageId: undefined })).toEqual(SUCCESS);
  });

  it('with a newer Nova not before the server is idle and the image is there', async () => {
    const newer = { maxMicroversion: 101 };
    expect(await verdict(SUCCESS, 'ACTIVE', { ...newer, isIdle: false })).toEqual(BUSY);
    expect(await verdict(SUCCESS, 'SAVING', newer)).toEqual(BUSY);
    expect(await verdict(SUCCESS, 'ACTIVE', newer)).toEqual(SUCCESS);
  });

  it('badly with a newer Nova when the image has not become active for long, while the server is at nothing', async () => {
    const late = { maxMicroversion: 101, silenceMs: 600_000 };
    expect(await verdict(SUCCESS, 'QUEUED', late)).toEqual(
      failure(expect.stringMatching(/still QUEUED/) as never),
    );
    expect(await verdict(SUCCESS, 'QUEUED', { ...late, silenceMs: 599_000 })).toEqual(BUSY);
    expect(await verdict(SUCCESS, 'QUEUED', { ...late, isIdle: false })).toEqual(BUSY);
    expect(await verdict(SUCCESS, 'ACTIVE', late)).toEqual(SUCCESS);
  });
});
