//! What a network can be found to be.

/// How the network fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is measured yet.
    Waiting,
    /// Both directions keep their size.
    Steady,
    /// A norm sets the size of what each layer sees: σ does not matter on the way forward.
    Normed,
    /// Branches are closed: the start is the identity.
    Closed,
    /// Signal and gradient hold, but something else keeps the network from learning.
    Hindered,
    /// The signal shrinks beyond use.
    Vanishing,
    /// The gradient shrinks beyond use on its way back.
    VanishingGradient,
    /// The signal grows beyond use.
    Exploding,
    /// The gradient grows beyond use on its way back.
    ExplodingGradient,
    /// All inputs look alike in the last layers, whatever the variance.
    Forgets,
    /// All units of a layer are the same, and stay so.
    Symmetric,
    /// The weights cannot move: an overflowed optimizer, a one-hot attention, saturated units.
    Frozen,
    /// Numbers left f32's range.
    Diverged,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 13] = [
        Self::Waiting,
        Self::Steady,
        Self::Normed,
        Self::Closed,
        Self::Hindered,
        Self::Vanishing,
        Self::VanishingGradient,
        Self::Exploding,
        Self::ExplodingGradient,
        Self::Forgets,
        Self::Symmetric,
        Self::Frozen,
        Self::Diverged,
    ];

    /// The name for styles and tests.
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Steady => "steady",
            Self::Normed => "normed",
            Self::Closed => "closed",
            Self::Hindered => "hindered",
            Self::Vanishing => "vanishing",
            Self::VanishingGradient => "vanishing-gradient",
            Self::Exploding => "exploding",
            Self::ExplodingGradient => "exploding-gradient",
            Self::Forgets => "forgets",
            Self::Symmetric => "symmetric",
            Self::Frozen => "frozen",
            Self::Diverged => "diverged",
        }
    }

    /// Whether it says that the network will not learn as it is.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Waiting | Self::Steady | Self::Normed | Self::Closed | Self::Hindered)
    }

    /// Whether it names something to mend.
    pub fn wants_remedy(self) -> bool {
        self.is_fault() || self == Self::Hindered
    }
}
