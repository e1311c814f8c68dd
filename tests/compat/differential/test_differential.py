"""A few random sequences, always the same ones; script/differential runs more."""
import pytest

from sequence import DATABASES, generate

SEEDS = range(1, 7)


@pytest.mark.server
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("seed", SEEDS)
def test_dunlin_does_as_flyway(both, seed, database):
    sequence = generate(seed, database)
    differences, last = both[database].play(sequence)
    assert not differences, "after step %d of\n%s\n%s" % (last + 1, sequence, "\n".join(differences))


def test_a_seed_makes_the_same_sequence_again():
    assert str(generate(7, "sqlite")) == str(generate(7, "sqlite"))
    assert str(generate(7, "sqlite")) != str(generate(8, "sqlite"))
