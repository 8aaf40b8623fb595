import { ofEachTag } from './property.js';

const ENDED = ['success', 'failure'];

export const allEnded = ofEachTag(
  'all ended',
  'In the end, when all is healed, each tag can be read, and each of its tasks has ended.',
  (tag) => {
    if (tag.requests.length === 0) return [];
    const last = tag.exchanges.filter(({ isFinal }) => isFinal);
    const unread = last.filter(({ status }) => status !== 200 && status !== 404);
    if (last.length === 0 || unread.length > 0)
      return [{ says: 'it could not be read in the end', exchanges: unread }];
    const open = last.filter(({ tasks }) => tasks.some(({ state }) => !ENDED.includes(state)));
    return open.length === 0 ? [] : [{ says: 'it has a task that did not end', exchanges: open }];
  },
);
