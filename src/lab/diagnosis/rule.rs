//! The rules as data: what each looks at, from which threshold on it applies, and what silences it.

use super::threshold as at;
use super::verdict::Verdict;

/// What a rule looks at. Each is one number of a frame, or absent where it was not measured or does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number of layers with a number that is not finite.
    Overflow,
    /// The newest loss over the first, or over guessing if that is more.
    LossGrowth,
    /// The share of numbers that Adam cannot move any more.
    FrozenShare,
    /// The largest standard deviation of a weight matrix.
    WeightSpread,
    /// The largest share, over layers, of what tells units apart.
    UnitDiversity,
    /// The mean square slope of the first layer where it is lost and the output is 0 for inputs that are not.
    DeadSlope,
    /// The smallest mean square slope of a layer whose output is not 0.
    SaturatedSlope,
    /// The largest share of its stream that a branch writes.
    BranchShare,
    /// The largest variance of a layer.
    Loudness,
    /// The smallest variance after the first layer over the first's.
    Fall,
    /// The largest variance after the first layer over the first's.
    Growth,
    /// The smallest gradient over the last layer's, among layers that get one and whose branches are open.
    GradientFall,
    /// The largest gradient over the last layer's, among the same.
    GradientGrowth,
    /// The number of layers with open branches whose gradient is exactly 0.
    Unreached,
    /// The standard deviation of the last matrix.
    OutputSpread,
    /// How near the attention of every block is to one-hot: 0 an average, 1 one-hot.
    AttentionPeak,
    /// What is left, in the last layer, of what tells inputs apart.
    SignalShare,
    /// The same, of perceptrons alone.
    ExampleShare,
    /// What is left, in the last layer, of what tells the positions of one text apart.
    PositionShare,
    /// Of what a position hands on, the part that is its own character's, in a transformer without skip connections.
    OwnShare,
    /// How hard weight decay pulls at the weights, over the gradient, in half of the layers at least.
    DecayPull,
    /// The share of a perceptron's signal that two passes of one example have in common, if dropout masks them anew.
    MaskedShare,
    /// The first loss over guessing.
    FirstLoss,
    /// How far the first gradient would bring the loss in all steps of a run, over guessing.
    Progress,
    /// The layers of a perceptron with norms over the units of one of them.
    DepthToWidth,
    /// The number of layers of a perceptron that are all linear, where no straight border separates the classes.
    StraightLayers,
    /// What the norms undid: the variance that would have come of the layers alone, over 1.
    NormedFall,
    /// The same as [`Self::NormedFall`], for a bound from above.
    NormedGrowth,
    /// The number of layers that have a variance.
    Layers,
}

/// On which side of its threshold a measure lets its rule apply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The rule applies where the measure is smaller.
    Below(f64),
    /// The rule applies where the measure is larger.
    Above(f64),
}

impl Bound {
    /// Whether a value is beyond the threshold.
    pub(crate) fn is_passed(self, value: f64) -> bool {
        match self {
            Self::Below(threshold) => value < threshold,
            Self::Above(threshold) => value > threshold,
        }
    }
}

/// What speaks against a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// The loss has fallen clearly below guessing, and below what knowing the shares of the classes gives.
    Learns,
    /// The loss has fallen clearly below guessing, though perhaps by knowing those shares alone: what dies may do that,
    /// what explodes does not.
    Falls,
    /// A norm brings every branch's input to one size, and the stream adds up.
    NormedStream,
    /// There is no such norm, or no stream.
    PlainStream,
    /// A skip connection carries the signal past the layer.
    Skips,
    /// There are so few matrices in a row that training makes up for what they lose.
    Shallow,
    /// Something comes out of a layer.
    Output,
    /// Most units are not saturated.
    Unsaturated,
    /// Steps were made.
    Begun,
    /// Some layer gets no gradient, or none is known.
    Unreached,
    /// No gradient that is not 0 is so small that the next layer's could be lost to f32.
    Distinct,
    /// The last matrix has no biases.
    BareHead,
    /// Masks of dropout make gradients of equal units differ.
    Masked,
    /// The optimizer divides each gradient by its own size.
    Adaptive,
    /// The optimizer follows the gradient as it is, or a decay in it that outweighs it.
    Direct,
    /// So little variance is left that no optimizer makes up for it.
    Lost,
    /// There is no skip connection.
    Unskipped,
    /// The layers of a perceptron have many units for their number.
    Wide,
    /// There is a norm, which is not linear.
    Normed,
    /// Every matrix is zero or of one number throughout, so that nothing was lost on the way.
    Unbegun,
    /// A perceptron's norms undo whatever becomes of the size of its weights, and the optimizer follows the gradient
    /// as it is, in which the norms leave no part along the weights.
    Scaleless,
    /// Weight decay pulls about as hard as the gradient.
    Decayed,
    /// The first loss is far above guessing, for an optimizer that follows the gradient as it is.
    Loud,
}

/// A rule of the verdict. The first one that applies is the finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Its name: the key of the heading below `verdict.` and of the sentence below `diagnosis.`.
    pub name: &'static str,
    /// The verdict that it finds.
    pub verdict: Verdict,
    /// The number that it looks at.
    pub measure: Measure,
    /// The threshold from which on it applies.
    pub bound: Bound,
    /// What silences it; each of them does so alone.
    pub counters: &'static [Counter],
    /// The places of its sentence, which are the evidence that is shown.
    pub shows: &'static [&'static str],
}

const GROWTH: &[&str] = &["each", "factor", "ratio", "from", "last", "layer"];
const CHANGE: &[&str] = &["each", "factor", "ratio", "from", "last"];
const STEADY: &[&str] = &["change", "change-each", "each", "from", "last"];
const GRADIENT: &[&str] = &["ratio", "layer", "last"];

macro_rules! rules {
    ($($name:literal: $verdict:ident if $measure:ident $bound:ident $at:expr, unless [$($counter:ident)*], shows $shows:expr;)*) => {
        /// All rules. The first one that applies is the finding.
        pub const RULES: &[Rule] = &[$(Rule {
            name: $name,
            verdict: Verdict::$verdict,
            measure: Measure::$measure,
            bound: Bound::$bound($at),
            counters: &[$(Counter::$counter),*],
            shows: $shows,
        }),*];
    };
}

rules! {
    "overflowed": Exploding if Overflow Above 0.0, unless [], shows &["layer"];
    "climbing": Exploding if LossGrowth Above at::LOSS_GROWN, unless [], shows &["first", "now", "guess"];
    "frozen": Frozen if FrozenShare Above at::FROZEN_SHARE, unless [], shows &["share"];
    "zeros": Symmetric if WeightSpread Below f64::MIN_POSITIVE, unless [Output BareHead], shows &[];
    "zeros-unmoved": Symmetric if WeightSpread Below f64::MIN_POSITIVE, unless [Output], shows &[];
    "symmetric": Symmetric if UnitDiversity Below at::DIVERSITY_LOST, unless [Masked], shows &[];
    "symmetric-masked": Symmetric if UnitDiversity Below at::DIVERSITY_LOST, unless [Skips Shallow Learns], shows &[];
    "dead": Frozen if DeadSlope Below at::SLOPE_LOST, unless [Skips], shows &["layer"];
    "saturated": Frozen if SaturatedSlope Below at::SLOPE_LOST, unless [Skips], shows &["layer"];
    "silent": Vanishing if Loudness Below f64::MIN_POSITIVE, unless [], shows &[];
    "closed": Closed if BranchShare Below at::BRANCH_CLOSED, unless [Decayed Loud], shows &[];
    "vanishing-zero": Vanishing if Fall Below f64::MIN_POSITIVE, unless [], shows &["last"];
    "vanishing-rescaled": Hindered if Fall Below at::VARIANCE_LOST, unless [NormedStream Learns Direct Lost],
        shows CHANGE;
    "vanishing": Vanishing if Fall Below at::VARIANCE_LOST, unless [NormedStream Learns], shows GROWTH;
    "exploding-rescaled": Hindered if Growth Above at::VARIANCE_GROWN, unless [NormedStream Falls Direct Unskipped],
        shows CHANGE;
    "exploding": Exploding if Growth Above at::VARIANCE_GROWN, unless [NormedStream Falls], shows GROWTH;
    "vanishing-gradient": VanishingGradient if GradientFall Below at::GRADIENT_LOST, unless [Learns], shows GRADIENT;
    "saturated-gradient": ExplodingGradient if GradientGrowth Above at::GRADIENT_GROWN, unless [Unsaturated Falls],
        shows &["ratio", "layer", "last", "slope"];
    "exploding-gradient": ExplodingGradient if GradientGrowth Above at::GRADIENT_GROWN, unless [Falls], shows GRADIENT;
    "forgets": Forgets if SignalShare Below at::SHARE_LOST, unless [Adaptive Unbegun Skips Shallow Learns],
        shows &["share", "last"];
    "forgets-adaptive": Forgets if SignalShare Below at::SHARE_LOST_ADAPTIVE, unless [Unbegun Skips Shallow Learns],
        shows &["share", "last"];
    "forgets-biases": Forgets if SignalShare Below at::SHARE_NONE, unless [Skips Shallow Learns], shows &["last"];
    "forgets-positions": Forgets if PositionShare Below at::SHARE_LOST, unless [Unbegun Skips Shallow Learns],
        shows &["share", "last"];
    "averages": Forgets if OwnShare Below at::OWN_LOST, unless [Skips Learns], shows &["own", "blocks"];
    "one-hot": Frozen if AttentionPeak Above at::ATTENTION_PEAK, unless [Learns], shows &["peak"];
    "closed-output": Closed if OutputSpread Below f64::MIN_POSITIVE, unless [Begun], shows &[];
    "unreached-small": VanishingGradient if Unreached Above 0.0, unless [Distinct Learns], shows &["count", "layer"];
    "unreached": VanishingGradient if Unreached Above 0.0, unless [Learns], shows &["count", "layer"];
    "linear": Hindered if StraightLayers Above 0.0, unless [Normed], shows &[];
    "linear-normed": Hindered if StraightLayers Above 0.0, unless [Learns], shows &[];
    "masked": Hindered if MaskedShare Below at::MASKED, unless [Skips Learns], shows &["dropout", "layers", "share"];
    "decayed": Hindered if DecayPull Above at::DECAY_PULL, unless [Scaleless Learns], shows &["pull"];
    "slow": Hindered if Progress Below at::PROGRESS_SMALL, unless [Learns], shows &["rate", "steps", "share"];
    "loud": Hindered if FirstLoss Above at::LOSS_LOUD, unless [Adaptive Learns], shows &["first", "guess"];
    "common": Hindered if ExampleShare Below at::SHARE_SMALL, unless [Adaptive Learns], shows &["share", "last"];
    "common-narrow": Hindered if ExampleShare Below at::SHARE_SMALL_NARROW, unless [Wide Learns],
        shows &["share", "last"];
    "uneven": Hindered if GradientGrowth Above at::GRADIENT_UNEVEN, unless [Skips Learns], shows GRADIENT;
    "narrow": Hindered if DepthToWidth Above at::NARROW, unless [Skips Learns], shows &["layers", "width"];
    "normed-stream": Normed if Growth Above at::VARIANCE_GROWN, unless [PlainStream], shows &["ratio", "from", "last"];
    "normed-down": Normed if NormedFall Below at::VARIANCE_LOST, unless [], shows &["factor", "ratio"];
    "normed-up": Normed if NormedGrowth Above at::VARIANCE_GROWN, unless [], shows &["factor", "ratio"];
    "fades": Steady if Fall Below 1.0 / at::NOTABLE, unless [], shows CHANGE;
    "grows": Steady if Growth Above at::NOTABLE, unless [], shows CHANGE;
    "gradient-fades": Steady if GradientFall Below 1.0 / at::NOTABLE, unless [], shows GRADIENT;
    "gradient-grows": Steady if GradientGrowth Above at::NOTABLE, unless [], shows GRADIENT;
    "shallow": Steady if Layers Below 1.5, unless [], shows &[];
    "steady": Steady if Layers Above 1.5, unless [Unreached], shows STEADY;
    "level": Steady if Layers Above 1.5, unless [], shows STEADY;
}
