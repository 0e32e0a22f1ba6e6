//! The thresholds: every number that a verdict depends on, in one place.
//!
//! Ratios of variances are of squares, those of gradients of root mean squares.

/// Below this share of the first layer's variance a signal is called dead.
pub const VARIANCE_LOST: f64 = 1e-3;
/// The same for an optimizer that divides each gradient by its own size: of networks of `make calibrate` above it four of
/// thirteen learned well and six some, and of those below only some, and few.
pub const VARIANCE_LOST_RESCALED: f64 = 1e-10;
/// Above this multiple of the first layer's variance a signal is called exploding. What grows less than this, networks
/// of `make calibrate` still learned well at a small rate.
pub const VARIANCE_GROWN: f64 = 1e4;
/// Below this share of the last layer's gradient a gradient is called dead.
pub const GRADIENT_LOST: f64 = 1e-3;
/// Above this multiple of the last layer's gradient a gradient is called exploding.
pub const GRADIENT_GROWN: f64 = 1e3;
/// Above this multiple of the last layer's gradient no rate suits all layers, where no skip connection passes the gradient
/// on as it is: of six such networks of `make calibrate` three did not learn, and none learned well.
pub const GRADIENT_UNEVEN: f64 = 60.0;
/// Next to gradients smaller than this there are some that f32, whose smallest number is 1.4·10⁻⁴⁵, takes for 0.
pub const GRADIENT_TINY: f64 = 1e-30;
/// A change by more than this factor is not called level, though it may do no harm.
pub const NOTABLE: f64 = 10.0;
/// Below this share of what tells inputs apart, or the positions of a text, they look alike. With ten times as much
/// networks of `make calibrate` still learned well. Of the positions of a text it is the same under every optimizer:
/// below it no transformer of three blocks or more without skips learned under Adam (0 of 27).
pub const SHARE_LOST: f64 = 1e-5;
/// The same of inputs for an optimizer that divides each gradient by its own size: with ten times as much some still
/// learned.
pub const SHARE_LOST_ADAPTIVE: f64 = 1e-9;
/// Below this share rows are the same but for rounding.
pub const SHARE_NONE: f64 = 1e-12;
/// Below this share of what tells inputs apart a gradient as it is follows what all inputs have in common: of perceptrons of
/// `make calibrate` two in eight learned well.
pub const SHARE_SMALL: f64 = 0.02;
/// The same for every optimizer, where layers are many for their units: two in seven.
pub const SHARE_SMALL_NARROW: f64 = 0.01;
/// Up to so many layers for each unit of one of them are few.
pub const WIDE: f64 = 0.32;
/// Beyond so many layers for each unit of one of them a perceptron with norms and without skips is narrow: of those of
/// `make calibrate` seven of twenty-four learned well.
pub const NARROW: f64 = 0.5;
/// Up to so many matrices in a row make up in training for what they lose at the start. Of perceptrons without skips
/// whose inputs look alike, drawn for this, 22 of 60 with one or two of them learned well, and none of 69 with more.
pub const FEW_MATRICES: usize = 2;
/// The same with norms between them: 17 of 32 up to here, none of 5 beyond.
pub const FEW_NORMED: usize = 3;
/// The same for an optimizer that divides each gradient by its own size: 56 of 71 up to here, none of 6 beyond; of
/// transformers 25 of 30 with one block, and 2 of 46 with more.
pub const FEW_ADAPTIVE: usize = 5;
/// Below this part of its own character a position has lost it. Averages over all positions leave it 0.035 to 0.25
/// after one block, for 8 to 128 positions, and 0.001 to 0.02 after two; of the transformers without skips of
/// `make calibrate` some with one block learned, and none with two.
pub const OWN_LOST: f64 = 0.03;
/// From this part of the gradient on, weight decay pulls about as hard as the gradient. Of the networks of
/// `make calibrate` beyond it, six in ten did not learn, of those below one in ten.
pub const DECAY_PULL: f64 = 0.7;
/// Below this share of the signal two passes of one example have too little in common. Of the perceptrons without skips
/// of `make calibrate` below it, none learned well, and of those above it most did.
pub const MASKED: f64 = 0.06;
/// Below this share of what tells units apart they are the same but for rounding: f32 keeps 6·10⁻⁸ of a number.
pub const DIVERSITY_LOST: f64 = 1e-12;
/// Below this share of its stream a branch is closed.
pub const BRANCH_CLOSED: f64 = 1e-6;
/// Below this mean square no slope is left: every unit is dead or saturated.
pub const SLOPE_LOST: f64 = 1e-12;
/// Below this part of the largest possible mean square of the slope most units are saturated.
pub const SLOPE_SMALL: f64 = 0.1;
/// From this share of weights on that an overflowed Adam cannot move, the network is called frozen.
pub const FROZEN_SHARE: f64 = 0.1;
/// From this part of the way between an average and one-hot on, attention is called one-hot.
pub const ATTENTION_PEAK: f64 = 0.95;
/// Up to this part of the way attention is as good as an average.
pub const EVEN: f64 = 0.5;
/// From this multiple of the first loss, or of guessing if that is more, a loss is called blowing up.
pub const LOSS_GROWN: f64 = 3.0;
/// From this multiple of guessing on a first loss says that the start is too large.
pub const LOSS_LARGE: f64 = 3.0;
/// From this multiple of guessing on a first loss keeps an optimizer busy that follows the gradient as it is.
pub const LOSS_LOUD: f64 = 10.0;
/// Below this part of guessing a gradient that stays as it is brings the loss nowhere in all steps. Of perceptrons of
/// `make calibrate` one in five learned well.
pub const PROGRESS_SMALL: f64 = 0.25;
/// So many steps are asked about where a run has fewer.
pub const STEPS_LEAST: u64 = 300;
/// How many steps a run must have made before anything is said about learning.
pub const PATIENCE: u64 = 20;
/// Below this part of the first loss and of guessing a network is said to learn.
pub const LEARNED: f64 = 0.95;
/// A loss within this distance of guessing, in parts of it, is as good as guessing.
pub const AT_GUESSING: f64 = 0.02;
/// A loss has come down, or up, if it changed by more than this part.
pub const MOVED: f64 = 0.02;
