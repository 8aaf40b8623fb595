import { imageList, type ListQuery } from './image-list.js';

const IMAGES = [
  {
    id: 'c',
    name: 'snap,1',
    status: 'queued',
    visibility: 'private',
    protected: false,
    image_type: 'snapshot',
  },
  { id: 'b', name: 'cirros', status: 'active', visibility: 'public', protected: true, size: null },
  { id: 'a', name: 'Cirros', status: 'active', visibility: 'public', protected: true, size: 5 },
];

interface Answer {
  images: { id: string }[];
  first: string;
  next?: string;
}

function list(query: ListQuery, url = '/image/v2/images'): Answer {
  return imageList(IMAGES, query, url) as Answer;
}

function ids(query: ListQuery): string[] {
  return list(query).images.map(({ id }) => id);
}

describe('a list of images', () => {
  it.each([
    [{}, ['c', 'b', 'a']],
    [{ name: 'cirros' }, ['b']],
    [{ name: 'in:cirros,Cirros' }, ['b', 'a']],
    [{ name: 'in:"snap,1",Cirros' }, ['c', 'a']],
    [{ id: 'in:a,c,nosuch' }, ['c', 'a']],
    [{ status: 'queued' }, ['c']],
    [{ visibility: 'public' }, ['b', 'a']],
    [{ visibility: 'all' }, ['c', 'b', 'a']],
    [{ visibility: 'shared' }, []],
    [{ protected: 'True' }, ['b', 'a']],
    [{ image_type: 'snapshot' }, ['c']],
    [{ nosuch: 'x' }, []],
    [{ toString: 'x' }, []],
    [{ sort: 'name:asc', sort_key: 'name' }, ['c', 'b', 'a']],
    [{ name: ['cirros', 'Cirros'] }, []],
  ] as [ListQuery, string[]][])('filtered by %j has %j', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('goes on from page to page, with the filters, until there is no more', () => {
    const first = list({ limit: '1', visibility: 'public' }, '/image/v2/images?limit=1&visibility=public');
    expect(first).toMatchObject({
      images: [{ id: 'b' }],
      first: '/v2/images?limit=1&visibility=public',
      next: '/v2/images?limit=1&visibility=public&marker=b',
    });
    const second = list(
      { limit: '1', visibility: 'public', marker: 'b' },
      '/image/v2/images?limit=1&visibility=public&marker=b',
    );
    expect(second.images).toMatchObject([{ id: 'a' }]);
    expect(second).not.toHaveProperty('next');
  });

  it.each([
    [{ limit: 'x' }, 'limit param must be an integer'],
    [{ limit: '-1' }, 'limit param must be positive'],
    [{ marker: 'nosuch' }, 'No image found with ID nosuch'],
    [{ visibility: 'secret' }, 'Invalid visibility value: secret'],
  ])('is refused for %j', (query, message) => {
    expect(() => list(query)).toThrow(message);
  });
});
