/** Lines in one picture, from the least to the greatest x on a logarithmic scale; y begins at 0. */
export interface Panel {
  title: string;
  lines: { name: string; points: [x: number, y: number][] }[];
}

const PANEL = { width: 320, height: 240 };
const AREA = { left: 46, right: 24, top: 40, bottom: 44 };

/** Middle tones, which stand out on white and on black. */
const COLORS = ['#2f81c7', '#d9782d'];

/** Panels beside one another, in SVG. */
export function lineCharts(title: string, panels: Panel[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANEL.width * panels.length} ${PANEL.height}" ` +
      'role="img" font-size="11" font-family="system-ui, sans-serif">',
    `<title>${title}</title>`,
    // An image has no colour of the page around it to take over.
    '<style>text { fill: #24292f } line { stroke: #8c959f } ' +
      '@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }</style>',
    ...panels.map((panel, n) => `<g transform="translate(${n * PANEL.width} 0)">${drawn(panel)}</g>`),
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ title, lines }: Panel): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([x]) => x))];
  const most = Math.max(...points.map(([, y]) => y)) * 1.15;
  const [from, to] = [Math.log(Math.min(...xs)), Math.log(Math.max(...xs))];
  const bottom = PANEL.height - AREA.bottom;
  const across = PANEL.width - AREA.left - AREA.right;
  const placeX = (x: number) => AREA.left + ((Math.log(x) - from) / (to - from)) * across;
  const placeY = (y: number) => bottom - (y / most) * (bottom - AREA.top);
  return [
    text(AREA.left, 18, 'start', title),
    `<line x1="${AREA.left}" x2="${PANEL.width - AREA.right}" y1="${bottom}" y2="${bottom}"/>`,
    ...xs.map((x) => text(placeX(x), bottom + 16, 'middle', inWords(x))),
    ...lines.flatMap((line, n) => {
      const color = COLORS[n % COLORS.length] as string;
      const places = line.points.map(([x, y]) => [placeX(x), placeY(y)] as const);
      const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
      return [
        `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
        ...line.points.map(([, y], at) => {
          const [left, top] = places[at] as readonly [number, number];
          const label = text(left, top - 8, 'middle', Math.round(y).toLocaleString('en'));
          return `<circle cx="${left.toFixed(1)}" cy="${top.toFixed(1)}" r="3" fill="${color}"/>${label}`;
        }),
        `<rect x="${AREA.left + n * 110}" y="${PANEL.height - 16}" width="9" height="9" fill="${color}"/>`,
        text(AREA.left + n * 110 + 14, PANEL.height - 8, 'start', line.name),
      ];
    }),
  ].join('\n');
}

function inWords(x: number): string {
  if (x >= 1_000_000) return `${x / 1_000_000} million`;
  return x.toLocaleString('en');
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
}
