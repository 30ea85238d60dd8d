// The pictures that stand in for evidence where there is no program: which file of the demo docket is
// shown for which picture, and how large the original is said to be (upright). Shared by the fixture
// and by the server of the fake build.
export interface FakePicture {
  file: string;
  width: number;
  height: number;
}

export const fakePictures: Record<string, FakePicture> = {
  "b-2/0": { file: "sweater-shrunk/photos/before-tape.jpg", width: 4032, height: 3024 },
  "b-2/1": { file: "sweater-shrunk/photos/after-tape.jpg", width: 3024, height: 4032 },
  "b-2/2": { file: "sweater-shrunk/photos/care-label.jpg", width: 4032, height: 3024 },
  "b-2/3": { file: "sweater-shrunk/photos/seller-swatch.jpg", width: 4032, height: 3024 },
  "b-2/4": { file: "en-lamp/photos/outlet.jpg", width: 3024, height: 4032 },
  "b-3/0": { file: "sweater-shrunk/photos/laundry-receipt.jpg", width: 4032, height: 3024 },
  "s-2/0": { file: "candle-category/photos/label-sampled.jpg", width: 4032, height: 3024 },
  "s-2/1": { file: "keyword-spam/photos/bag-listing.jpg", width: 1600, height: 2000 },
  "s-2/2": { file: "en-mug-review/photos/care-card.png", width: 1400, height: 900 },
  "p-1/0": { file: "sweater-shrunk/photos/after-tape.jpg", width: 3024, height: 4032 },
  "p-1/1": { file: "sweater-shrunk/photos/seller-swatch.jpg", width: 4032, height: 3024 },
};
