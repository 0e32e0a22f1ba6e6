// What a picture of a page looks like from far: the brightness of its cells. Fonts and smoothing differ from machine to
// machine and change it little; a page without its styles, a chart that is missing or a part that has moved change it a lot.

/** The side of a cell, in CSS pixels. */
const CELL = 24;

/** The brightness of each cell of a PNG, from 00 to ff, row by row. `page` is any page: it decodes the picture. */
export async function brightness(page, png) {
  return page.evaluate(async ([data, cell]) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data: pixels, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const rows = [];
    for (let top = 0; top < height; top += cell) {
      let row = '';
      for (let left = 0; left < width; left += cell) {
        let [sum, count] = [0, 0];
        for (let y = top; y < Math.min(top + cell, height); y++) {
          for (let x = left; x < Math.min(left + cell, width); x++) {
            const at = 4 * (y * width + x);
            sum += 0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2];
            count++;
          }
        }
        row += Math.round(sum / count).toString(16).padStart(2, '0');
      }
      rows.push(row);
    }
    return rows;
  }, [png.toString('base64'), CELL]);
}

/** The share of the cells of two such pictures that are clearly not as bright; all of them where their sizes differ. */
export function difference(one, other, clear = 24) {
  if (one.length !== other.length || one[0]?.length !== other[0]?.length) return 1;
  const cells = (rows) => rows.join('').match(/../g).map((cell) => parseInt(cell, 16));
  const [a, b] = [cells(one), cells(other)];
  return a.filter((value, at) => Math.abs(value - b[at]) > clear).length / a.length;
}
