using LeadIngest.Core.Numbers;

namespace LeadIngest.Core.Tests.Numbers;

public class PoolSizeTests
{
    /// <summary>The classical table of Erlang's loss: smallest pool for a load and a loss.</summary>
    [Theory]
    [InlineData(0.5, 0.10, 2)]
    [InlineData(0.5, 0.001, 5)]
    [InlineData(1, 0.01, 5)]
    [InlineData(2, 0.05, 5)]
    [InlineData(3, 0.10, 6)]
    [InlineData(5, 0.01, 11)]
    [InlineData(8, 0.001, 18)]
    [InlineData(10, 0.05, 15)]
    [InlineData(15, 0.02, 23)]
    [InlineData(20, 0.01, 30)]
    [InlineData(30, 0.05, 36)]
    [InlineData(50, 0.001, 71)]
    [InlineData(100, 0.01, 117)]
    [InlineData(200, 0.10, 188)]
    [InlineData(200, 0.001, 238)]
    public void The_smallest_pool_for_a_loss_is_that_of_the_table(double load, double loss, int numbers) => Assert.Equal(numbers, PoolSize.ForLoss(load, loss));

    /// <summary>Visits a day, peak hour a tenth of it, 3 minutes on the site: pools for 5 % and 1 % loss by the hold after leaving.</summary>
    [Theory]
    [InlineData(100, 2.5, 4, 5)]
    [InlineData(500, 15, 20, 24)]
    [InlineData(1000, 30, 61, 69)]
    [InlineData(2000, 2.5, 24, 28)]
    [InlineData(5000, 60, 513, 552)]
    public void Little_and_Erlang_give_the_table_by_visits_a_day(double visitsPerDay, double hold, int atFivePercent, int atOnePercent)
    {
        var load = visitsPerDay * 0.1 / 60 * (3 + hold);
        Assert.Equal((atFivePercent, atOnePercent), (PoolSize.ForLoss(load, 0.05), PoolSize.ForLoss(load, 0.01)));
    }

    /// <summary>One visit a minute, ten minutes each: figures that were once simulated.</summary>
    [Theory]
    [InlineData(10, 0.215, 2.7, 0.2)]
    [InlineData(15, 0.037, 5.6, 0.8)]
    [InlineData(20, 0.002, 10, 3.4)]
    [InlineData(30, 0.000, 20, 11.9)]
    public void Longest_free_first_gives_the_rest_that_was_simulated(int numbers, double loss, double rest, double restInMostCases)
    {
        var figures = PoolSize.Figures(numbers, 60, 10, 0);
        Assert.Equal(loss, figures.Loss, 0.001);
        Assert.Equal(rest, figures.RestMinutes, 0.1);
        Assert.Equal(restInMostCases, figures.RestMinutesInMostCases, Math.Max(0.1, restInMostCases * 0.03));
    }

    [Theory]
    [InlineData(60, 5.5, 30)]
    [InlineData(20, 10, 15)]
    [InlineData(300, 5.5, 10)]
    [InlineData(6, 30, 120)]
    [InlineData(120, 5.5, 0)]
    public void At_the_advised_size_the_simulation_reaches_the_wanted_accuracy(double visits, double hold, double late)
    {
        var advised = PoolSize.Advise(visits, hold, late, 0.99)!.Value;

        var right = RotationSimulation.Run(advised.Numbers, visits, hold, late, 150_000, seed: 20261122).Right;

        Assert.InRange(right, 0.988, 1);
        Assert.True(PoolSize.Figures(advised.Numbers - 1, visits, hold, late).Accuracy < 0.99, "One number fewer would have done.");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(60)]
    public void Formula_and_simulation_agree_at_every_size(int numbers)
    {
        var formula = PoolSize.Figures(numbers, 60, 10, 20);
        var played = RotationSimulation.Run(numbers, 60, 10, 20, 200_000, seed: 7);

        Assert.Equal(formula.Accuracy, played.Right, 0.01);
        Assert.Equal(formula.Loss, played.Loss, 0.01);
        Assert.Equal(formula.RestMinutes, played.RestMinutes, formula.RestMinutes * 0.03);
    }

    [Fact]
    public void The_same_seed_plays_the_same() =>
        Assert.Equal(RotationSimulation.Run(20, 60, 10, 20, 5_000, 3), RotationSimulation.Run(20, 60, 10, 20, 5_000, 3));

    [Fact]
    public void More_numbers_never_make_it_worse()
    {
        var before = 0.0;
        for (var n = 1; n <= 120; n++)
        {
            var figures = PoolSize.Figures(n, 60, 5.5, 30);
            Assert.InRange(figures.Accuracy, before - 1e-9, 1);
            before = figures.Accuracy;
        }
    }

    [Fact]
    public void Large_pools_are_computed_without_loss_of_figures()
    {
        var advised = PoolSize.Advise(60_000, 5.5, 30, 0.99)!.Value;
        Assert.InRange(advised.Numbers, 34_000, 36_000);
        Assert.InRange(advised.Accuracy, 0.99, 1);
    }

    [Fact]
    public void A_pool_that_nobody_rents_is_not_advised() => Assert.Null(PoolSize.Advise(1_000_000, 1_440, 1_440, 0.99));

    [Theory]
    [InlineData(0, 5, 5, 0.99)]
    [InlineData(double.NaN, 5, 5, 0.99)]
    [InlineData(60, -1, 5, 0.99)]
    [InlineData(60, 5, -1, 0.99)]
    [InlineData(60, 5, double.PositiveInfinity, 0.99)]
    [InlineData(60, 5, 5, 1)]
    [InlineData(60, 5, 5, double.NaN)]
    public void Values_without_meaning_are_refused(double visits, double hold, double late, double accuracy) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PoolSize.Advise(visits, hold, late, accuracy));
}
